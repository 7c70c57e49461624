// Runs once in the list of documents, as the body of a function of `element`, `trigger` and `watch`.

const TYPED = 1000; // a year that is being typed has fewer digits, and is not meant yet

const choose = (all) => {
  const ticked = [...element.querySelectorAll("li:has(:checked)")];
  const value = (name) => (all ? "" : element.querySelector(`[name=${name}]`).value);
  const documents = all ? [] : ticked.map((row) => row.dataset.document);
  trigger("choose", { documents, since: value("since"), until: value("until") });
};

element.addEventListener("change", (event) => {
  const { target } = event;
  const complete = !target.value || target.valueAsDate?.getUTCFullYear() >= TYPED;
  if (target.matches("[type=checkbox]") || (target.matches("[type=date]") && complete)) choose(false);
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button?.dataset.act === "all") choose(true);
  if (button?.dataset.act === "remove") trigger("remove", { document: button.closest("li").dataset.document });
});

element.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  const wanted = event.target.value.toLowerCase();
  for (const row of element.querySelectorAll("li")) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});

// A new list keeps the boxes of the former one, and with them what the reader has put there; but for the date
// that is being typed, it is put right.
watch("value", () => {
  for (const box of element.querySelectorAll("[type=checkbox]")) box.checked = box.defaultChecked;
  for (const date of element.querySelectorAll("[type=date]:not(:focus)")) date.value = date.defaultValue;
});
