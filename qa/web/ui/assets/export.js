// Runs once in the export panel, as the body of a function of `element`, `trigger` and `watch`.
// A file arrives in base64 as a hidden <pre>, and the browser saves it.

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-form]");
  if (button) trigger("export", { form: button.dataset.form });
});

watch("value", () => {
  const file = element.querySelector("pre[data-name]");
  if (!file) return;
  const bytes = Uint8Array.from(atob(file.textContent), (char) => char.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: file.dataset.type }));
  link.download = file.dataset.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  file.remove();
});
