// Runs once in the list of documents, as the body of a function of `element`, `trigger` and `watch`.

const FIRST_YEAR = 1000; // a year with fewer digits is still being typed

const select = (all) => {
  const ticked = [...element.querySelectorAll("li:has(:checked)")];
  const value = (name) => (all ? "" : element.querySelector(`[name=${name}]`).value);
  const documents = all ? [] : ticked.map((row) => row.dataset.document);
  trigger("select_documents", { documents, since: value("since"), until: value("until") });
};

element.addEventListener("change", (event) => {
  const { target } = event;
  const complete = !target.value || target.valueAsDate?.getUTCFullYear() >= FIRST_YEAR;
  if (target.matches("[type=checkbox]") || (target.matches("[type=date]") && complete)) select(false);
});

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button?.dataset.act === "all") select(true);
  if (button?.dataset.act === "remove") trigger("remove", { document: button.closest("li").dataset.document });
});

element.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  const wanted = event.target.value.toLowerCase();
  for (const row of element.querySelectorAll("li")) row.hidden = !row.textContent.toLowerCase().includes(wanted);
});

// A new list reuses the inputs of the old one, with what the visitor put there. All but a date that is being
// typed are set to the new values.
watch("value", () => {
  for (const box of element.querySelectorAll("[type=checkbox]")) box.checked = box.defaultChecked;
  for (const date of element.querySelectorAll("[type=date]:not(:focus)")) date.value = date.defaultValue;
});
