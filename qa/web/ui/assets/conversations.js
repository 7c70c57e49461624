// Runs once in the list of conversations, as the body of a function of `element`, `trigger` and `watch`. The list is
// made here, of what this browser stores. Deleting takes two clicks.

const { address, conversations, copyFrom } = attest;
const box = element.querySelector("[popover]");

const button = (act, text) => {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  made.dataset.act = act;
  return made;
};

// The conversation whose deletion was clicked once: the list may be made again between the two clicks.
let doomed = "";

const row = ({ id, title }) => {
  const item = document.createElement("li");
  item.dataset.conversation = id;
  if (id === address.read().conversation) item.ariaCurrent = "true";
  const open = Object.assign(button("open", title), { className: "title", dir: "auto" });
  const input = Object.assign(document.createElement("input"), { value: title, dir: "auto" });
  input.ariaLabel = "New title (press Enter to save)";
  const remove = button("remove", id === doomed ? "Delete for good?" : "Delete");
  item.append(open, input, button("rename", "Rename"), button("link", "Copy link"), remove);
  return item;
};

const filter = () => {
  const wanted = box.querySelector("[type=search]").value.toLowerCase();
  for (const item of box.querySelectorAll("li")) {
    item.hidden = !item.querySelector(".title").textContent.toLowerCase().includes(wanted);
  }
};

const list = async () => {
  const stored = await conversations.all();
  box.querySelector("ul").replaceChildren(...stored.map(row));
  box.querySelector(".note").hidden = stored.length > 0;
  filter();
};

// What another tab has changed in the open conversation is shown as soon as nothing is being done with it here.
let stale = false;
conversations.onChange((id, here) => {
  list();
  if (!here && id === address.read().conversation) stale = true;
  if (!stale || conversations.isAsking() || document.querySelector("#current .editing")) return;
  stale = false;
  trigger("refresh");
});

address.onMove((shown, left) => shown.conversation !== left.conversation && trigger("open"));
box.addEventListener("beforetoggle", () => {
  doomed = "";
  list();
});
list();

element.addEventListener("click", async (event) => {
  const clicked = event.target.closest("button[data-act]");
  if (!clicked) return;
  const item = clicked.closest("li");
  const id = item.dataset.conversation;
  const { act } = clicked.dataset;
  if (act === "rename") {
    item.classList.add("renaming");
    return item.querySelector("input").select();
  }
  if (act === "link") return copyFrom(clicked, address.link(`#c/${id}`), "Copied, for this browser only");
  if (act === "remove" && id !== doomed) {
    doomed = id;
    return (clicked.textContent = "Delete for good?");
  }
  box.hidePopover();
  const isOpen = id === address.read().conversation;
  if (act === "remove") {
    if (isOpen) conversations.open("");
    await conversations.remove(id);
    if (isOpen) trigger("open");
  } else if (!isOpen) {
    conversations.open(id);
    trigger("open");
  }
});

element.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT" || !event.target.closest("li")) return;
  conversations.rename(event.target.closest("li").dataset.conversation, event.target.value);
});

element.addEventListener("input", (event) => event.target.type === "search" && filter());
