// Runs once in the report on uploads, as the body of a function of `element`, `trigger` and `watch`. `limits` are the
// server's. Files are dropped anywhere on the page, and checked before anything is sent.

const INPUTS = "input[type=file]";
const LOOK_MS = 100; // between two looks for the field that takes files, which is not there while some are being sent

const announcement = Object.assign(document.createElement("p"), { className: "unseen" });
announcement.setAttribute("role", "status");
const refusal = Object.assign(document.createElement("div"), { id: "not-sent", className: "report", hidden: true });
refusal.setAttribute("role", "alert");
element.after(announcement, refusal);

const megabytes = (bytes) => `${Number((bytes / 1e6).toPrecision(3))} MB`;
const line = (name, text) => Object.assign(document.createElement(name), { textContent: text, dir: "auto" });
const closer = () => Object.assign(line("button", "Close"), { type: "button", onclick: () => (refusal.hidden = true) });

const ending = (name) => (name.includes(".") ? name.slice(name.lastIndexOf(".")).toLowerCase() : "");

const fault = ({ name, size }) => {
  if (!limits.suffixes.includes(ending(name)))
    return ending(name) ? `files ending in ${ending(name)} cannot be added` : "files without an ending cannot be added";
  if (size > limits.file_bytes) return `it has ${megabytes(size)}, and a file can have at most ${megabytes(limits.file_bytes)}`;
  return "";
};

// The files that can be sent. The others are told, and why; hidden ones of a folder are not spoken of.
const check = (files) => {
  const seen = files.filter(({ name, webkitRelativePath }) => !(webkitRelativePath && name.startsWith(".")));
  const refused = seen.filter(fault);
  const good = seen.filter((file) => !fault(file));
  const size = good.reduce((sum, file) => sum + file.size, 0);
  let all = "";
  if (good.length > limits.files)
    all = `You chose ${good.length} files, and at most ${limits.files} can be added at once. Nothing was sent. Choose fewer, or put them into a .zip file.`;
  else if (size > limits.upload_bytes)
    all = `You chose files of ${megabytes(size)}, and at most ${megabytes(limits.upload_bytes)} can be added at once. Nothing was sent. Choose fewer.`;
  const list = document.createElement("ul");
  for (const file of refused) {
    const item = line("li", `: ${fault(file)}`);
    item.prepend(line("b", file.name));
    list.append(item);
  }
  const count = refused.length === 1 ? "1 file was not sent:" : `${refused.length} files were not sent:`;
  const parts = [...(all ? [line("p", all)] : []), ...(refused.length ? [line("p", count), list] : [])];
  refusal.hidden = !parts.length;
  const words = document.createElement("div");
  words.append(...parts);
  refusal.replaceChildren(...(parts.length ? [words, closer()] : []));
  return all ? [] : good;
};

// The field that takes files. It is made when its tab is opened.
const field = async () => {
  const find = () => document.querySelector(`#drop ${INPUTS}`);
  [...document.querySelectorAll("[role=tab]")].find((tab) => tab.textContent.trim() === "Documents")?.click();
  while (!find()) await new Promise((next) => setTimeout(next, LOOK_MS));
  return find();
};

const put = (input, files) => {
  const list = new DataTransfer();
  for (const file of files) list.items.add(file);
  input.files = list.files;
};

let checked = false;
const send = async (files) => {
  const good = check(files);
  if (!good.length) return;
  await attest.session.opened;
  const input = await field(); // only now: what the session brings may put another field in its place
  put(input, good);
  checked = true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  checked = false;
};

const choosing = (event) => {
  const input = event.target;
  if (checked || !input.matches?.(INPUTS)) return;
  if (!attest.session.isOpen) {
    send([...input.files]);
    event.stopImmediatePropagation();
    input.value = "";
    return;
  }
  const good = check([...input.files]);
  if (good.length === input.files.length) return;
  if (good.length) return put(input, good);
  event.stopImmediatePropagation();
  input.value = "";
};
document.addEventListener("change", choosing, true);

// The files of a folder and of the folders in it.
const filesOf = async (entry) => {
  if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
  const reader = entry.createReader();
  const inner = [];
  let batch;
  do {
    batch = await new Promise((done, fail) => reader.readEntries(done, fail));
    inner.push(...batch);
  } while (batch.length);
  return (await Promise.all(inner.filter(({ name }) => !name.startsWith(".")).map(filesOf))).flat();
};

const dropped = async ({ items, files }) => {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length ? (await Promise.all(entries.map(filesOf))).flat() : [...files];
};

const dragging = (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const over = event.type === "dragenter" || event.type === "dragover" || (event.type === "dragleave" && event.relatedTarget);
  document.body.classList.toggle("dragging", Boolean(over));
  if (event.type === "drop") dropped(event.dataTransfer).then(send);
};
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) document.addEventListener(kind, dragging, true);

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-act=choose-files]")) (await field()).click();
});

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-act=close]")) trigger("close");
});

watch("value", () => (announcement.textContent = element.querySelector(".report .words")?.textContent ?? ""));
