// Runs once in the buttons that export, as the body of a function of `element`, `trigger` and `watch`.
// What is to be taken away arrives as a hidden <pre>, and is saved as a file by the browser.

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-form]");
  if (button) trigger("take", { form: button.dataset.form });
});

watch("value", () => {
  const parcel = element.querySelector("pre[data-name]");
  if (!parcel) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([parcel.textContent], { type: parcel.dataset.type }));
  link.download = parcel.dataset.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  parcel.remove();
});
