// Runs once in a hidden element that has the version of the documents, as the body of a function of `element`,
// `trigger` and `watch`. While the page is in sight, it looks whether another tab, reader or server has changed them.

const LOOK_MS = 3_000; // a server sees what another has changed within two seconds, so all pages do within five

let shown = "";

const look = async () => {
  if (document.hidden) return;
  // A list that was sent before a change may arrive after it.
  const listed = document.querySelector(".documents")?.dataset.version;
  if (shown && listed && listed !== shown) attest.refreshDocuments?.();
  const answers = await fetch("signed-in").then(({ ok }) => ok, () => false); // Gradio would tell of each failure
  if (answers) trigger("look");
};

watch("value", () => {
  const version = element.querySelector("pre")?.textContent;
  if (!version) return; // the session is not open yet, or was not when the page looked
  attest.session.open();
  const changed = shown && version !== shown;
  shown = version;
  if (!changed) return;
  trigger("changed");
  attest.refreshDocuments?.(); // there is none before the list was opened for the first time
});

setInterval(look, LOOK_MS);
document.addEventListener("visibilitychange", look);
