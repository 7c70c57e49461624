// Runs once, as the body of a function of `element` and `watch`. Puts an overview that has arrived into the panel
// of the document that asked for it, if that is still open.

watch("value", () => {
  const arrived = element.querySelector("[data-asked]");
  const panel = document.querySelector(`#document .contents[data-asked="${arrived?.dataset.asked}"]`);
  panel?.querySelector(".found").replaceChildren(...arrived.cloneNode(true).childNodes);
});
