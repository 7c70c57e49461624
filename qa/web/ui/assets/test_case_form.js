// Runs once in the form that saves a question as a test, as the body of a function of `element`, `trigger`
// and `watch`.

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const { place, wording } = Object.fromEntries(new FormData(event.target));
  const { number, selected } = event.target.dataset;
  trigger("submit_test", { number, place, wording, selected: JSON.parse(selected) });
});

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-act=cancel]")) trigger("cancel");
});

watch("value", () => {
  element.querySelector("form :checked, a")?.focus({ preventScroll: true });
  element.firstElementChild?.scrollIntoView({ block: "nearest" });
});
