// Runs once in the choice of what is searched, as the body of a function of `element`, `trigger` and `watch`.

element.addEventListener("change", ({ target }) => {
  if (target.matches("select")) attest.session.opened.then(() => trigger("choose", { name: target.value }));
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = event.target.elements.name.value;
  trigger(event.target.dataset.act === "save" ? "save" : "rename", { name });
});

element.addEventListener("click", ({ target }) => {
  if (target.matches("[data-act=remove]")) trigger("remove");
});

let open = false;
element.addEventListener("toggle", ({ target }) => (open = target.open), true);

// A new form reuses the old one, with what was typed. It stays open until its change is made.
watch("value", () => {
  const done = Boolean(element.querySelector("[data-done]"));
  const form = element.querySelector("details");
  const field = form?.querySelector("input");
  const select = element.querySelector("select");
  if (form) form.open = open && !done;
  if (field && !form.open) field.value = field.defaultValue;
  select.value = select.querySelector("option[selected]")?.value ?? "";
  if (done) select.focus();
});
