// Runs once for the page: copies `text` and says so on `button` for a moment (`attest.copyFrom`).

attest.copyFrom = async (button, text, message = "Copied") => {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else {
    const box = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(box);
    box.select();
    document.execCommand("copy"); // there is no other way without HTTPS
    box.remove();
  }
  const label = button.textContent;
  button.textContent = message;
  setTimeout(() => (button.textContent = label), 1500);
};
