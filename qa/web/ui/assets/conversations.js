// Runs once in the list of conversations, as the body of a function of `element`, `trigger` and `watch`.
// Deleting takes two clicks.

let renaming = false; // keeps the list open when its new version arrives

const idOf = (event) => event.target.closest("[data-conversation]")?.dataset.conversation;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) return;
  const row = button.closest("li");
  if (button.dataset.act === "rename") {
    row.classList.add("renaming");
    return row.querySelector("input").select();
  }
  if (button.dataset.act === "remove" && !button.dataset.confirmed) {
    button.dataset.confirmed = "yes";
    return (button.textContent = "Delete for good?");
  }
  element.querySelector("[popover]").hidePopover();
  trigger(button.dataset.act === "open" ? "open" : "remove", { conversation: idOf(event) });
});

element.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || !event.target.closest("li")) return;
  renaming = true;
  trigger("rename", { conversation: idOf(event), title: event.target.value });
});

element.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  const wanted = event.target.value.toLowerCase();
  for (const row of element.querySelectorAll("li")) {
    row.hidden = !row.querySelector(".title").textContent.toLowerCase().includes(wanted);
  }
});

watch("value", () => {
  if (renaming) element.querySelector("[popover]").showPopover();
  renaming = false;
});
