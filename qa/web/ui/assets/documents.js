// Runs once in the list of documents, as the body of a function of `element`, `trigger` and `watch`.
// The server searches and sorts. One request is under way at a time, so that none overtakes another.
// Removing a document takes two clicks.

const FIRST_YEAR = 1000; // a year with fewer digits is still being typed
const TYPING_MS = 200; // between the last key and the search
const LOST_MS = 10_000; // after which an answer is no longer waited for

let changes = []; // what was ticked and chosen since the last request
let page = 1;
let revision = 0; // of the last request
let dirty = false;
let waiting = 0; // the timer of a request that is under way
let typing = 0;
let doubtful = ""; // the document that is removed with the next click

const isHalfTyped = (field) => field.type === "date" && field.valueAsDate?.getUTCFullYear() < FIRST_YEAR;

// What a field says; while a date is being typed, what the list was last made for.
const value = (name) => {
  const field = element.querySelector(`[name=${name}]`);
  return (field && isHalfTyped(field) ? field.defaultValue : field?.value) ?? "";
};

const send = () => {
  if (waiting || !attest.session.isOpen) return (dirty = true);
  dirty = false;
  revision += 1;
  waiting = setTimeout(arrived, LOST_MS);
  const [search, folder, sort, since, until] = ["search", "folder", "sort", "since", "until"].map(value);
  trigger("browse", { changes, search, folder, sort, since, until, page, revision });
  changes = [];
};

const arrived = () => {
  clearTimeout(waiting);
  waiting = 0;
  if (dirty) send();
};

const change = (kind, document = "") => {
  changes.push({ kind, document });
  send();
};

const askBeforeRemoving = (document) => {
  doubtful = document;
  for (const button of element.querySelectorAll("[data-act=remove]")) {
    button.textContent = button.closest("li").dataset.document === doubtful ? "Remove for good?" : "Remove";
  }
};

const remove = ({ document }) => {
  if (document !== doubtful) return askBeforeRemoving(document);
  askBeforeRemoving("");
  trigger("remove", { document });
};

// A new list reuses the lines of the old one, so that the focus would be in another document's line.
const controls = (line) => [...(line?.querySelectorAll("input, a, button") ?? [])];
const lineOf = (document) => [...element.querySelectorAll("li")].find((line) => line.dataset.document === document);
let focused = {}; // the document whose line has the focus, and which of its controls

const restoreFocus = () => {
  const active = document.activeElement;
  if (active !== document.body && !element.contains(active)) return; // the reader has gone on elsewhere
  const control = controls(lineOf(focused.document))[focused.place];
  if (control && control !== active) control.focus({ preventScroll: true });
};

element.addEventListener("focusin", ({ target }) => {
  const line = target.closest("li");
  focused = line ? { document: line.dataset.document, place: controls(line).indexOf(target) } : {};
});

element.addEventListener("focusout", ({ target }) => target.matches("[data-act=remove]") && askBeforeRemoving(""));

element.addEventListener("change", ({ target }) => {
  if (target.matches("[type=checkbox]")) change(target.checked ? "add" : "drop", target.closest("li").dataset.document);
  if (target.matches("[type=date]") && !isHalfTyped(target)) send();
  if (!target.matches("select")) return;
  page = 1;
  send();
});

element.addEventListener("click", (event) => {
  if (event.target.closest(".open")) {
    event.preventDefault();
    return attest.address.visit(event.target.closest(".open").getAttribute("href"));
  }
  const button = event.target.closest("button[data-act]");
  const act = button?.dataset.act;
  if (act === "all") {
    for (const date of element.querySelectorAll("[type=date]")) date.value = "";
    change("all");
  }
  if (act === "found") change("found");
  if (act === "download") trigger("download", button.closest("li").dataset);
  if (act === "remove") remove(button.closest("li").dataset);
  if (act !== "page") return;
  page = Number(button.dataset.page);
  send();
  element.querySelector("#found").scrollIntoView({ block: "nearest" });
});

element.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  page = 1;
  clearTimeout(typing);
  typing = setTimeout(send, TYPING_MS);
});

// A new list reuses the inputs of the old one, with what the visitor put there. All but a date that is being
// typed are set to the new values.
watch("value", () => {
  restoreFocus();
  askBeforeRemoving(doubtful);
  const answered = Number(element.querySelector(".documents")?.dataset.revision) === revision;
  if (answered && waiting) arrived();
  if (waiting) return;
  for (const box of element.querySelectorAll("[type=checkbox]")) box.checked = box.defaultChecked;
  for (const date of element.querySelectorAll("[type=date]:not(:focus)")) date.value = date.defaultValue;
});

attest.refreshDocuments = send;
attest.session.opened.then(send); // the list is made when its tab is opened, and others may have changed it since
