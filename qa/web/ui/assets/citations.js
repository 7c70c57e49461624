// Runs once in each gr.HTML with citations, as the body of a function of `element`, `trigger` and `watch`.
// The link whose document is open has aria-current.

const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
const current = () => document.querySelector(".cite[aria-current]");

// Keeps the mark on the screen while the text around it takes its place: blocks out of sight are laid out when
// they come near, fonts arrive, the window gets another width. Ends when the visitor moves.
const MOVES = ["wheel", "touchmove", "pointerdown", "keydown"];
let release = () => {};
const pin = (mark) => {
  release();
  const place = () => {
    if (!mark.isConnected) return release();
    const tall = mark.getBoundingClientRect().height > innerHeight / 2;
    mark.scrollIntoView({ block: tall ? "start" : "center", behavior: "instant" });
  };
  const observer = new ResizeObserver(place);
  release = () => {
    observer.disconnect();
    for (const kind of MOVES) removeEventListener(kind, release, true);
  };
  for (const kind of MOVES) addEventListener(kind, release, { capture: true, passive: true });
  for (const each of [mark.closest(".text"), document.getElementById("sources")]) observer.observe(each);
  place();
};

const { address, copyFrom } = attest;
const shownAddress = () => document.querySelector("#document .document")?.dataset.address ?? "";

const reveal = () => {
  address.go({ document: shownAddress() });
  const mark = document.querySelector("#document mark[tabindex]");
  if (!mark) {
    current()?.removeAttribute("aria-current");
    return element.querySelector(".document h2")?.focus();
  }
  if (!current()) origin()?.setAttribute("aria-current", "true");
  const figure = element.querySelector(".picture");
  if (figure) return figure.focus();
  for (const button of element.querySelectorAll(".step")) button.disabled = quotes().length < 2;
  mark.focus({ preventScroll: true });
  pin(mark);
};

const open = (link) => {
  if (link === current()) return reveal();
  current()?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  trigger("cite", { ...link.dataset });
};

const close = () => {
  const link = current();
  link?.removeAttribute("aria-current");
  link?.focus();
  trigger("close");
};

// A document that belongs to another conversation is opened with it.
if (element.closest("#document")) {
  address.onMove((shown, left) => {
    if (shown.conversation !== left.conversation) return;
    if (shown.document) trigger("visit", { address: shown.document });
    else if (shownAddress()) trigger("close");
  });
}

// The citation that opened the document, or that stands for it in an answer that was drawn anew meanwhile.
const origin = () => {
  const { document: name, start, end } = element.querySelector(".document").dataset;
  const place = `[data-document="${CSS.escape(name)}"][data-start="${start}"][data-end="${end}"]`;
  const links = [...document.querySelectorAll(`.exchange .cite${place}`)];
  return (current()?.closest(".exchange") && current()) || links.at(-1);
};

const toAnswer = () => {
  const link = origin();
  const target = link ?? [...document.querySelectorAll(".exchange")].at(-1);
  link?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: link ? "center" : "start", behavior });
};

// The citations of the exchange, or of the cards, with the open one among them; each quote once.
const quotes = () => {
  const links = [...(current()?.closest(".exchange, .quotes")?.querySelectorAll(".cite") ?? [])];
  return links.filter((each, i) => links.findIndex((other) => other.dataset.number === each.dataset.number) === i);
};

const step = (by) => {
  const all = quotes();
  const index = all.findIndex((each) => each.dataset.number === current().dataset.number);
  if (all.length > 1) all[(index + by + all.length) % all.length].click();
};

// The place of the selected text in the open document, in code points as everywhere; null if there is none.
const selectedPlace = () => {
  const text = document.querySelector("#document .text");
  const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
  if (!range || range.collapsed || !text?.contains(range.commonAncestorContainer)) return null;
  const before = new Range();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = [...before.toString()].length;
  return { document: text.closest(".document").dataset.document, start, end: start + [...range.toString()].length };
};

// The image of a page. It is about three times as wide as the pane on a phone: beyond, it only becomes blurred.
const MAX_ZOOM = 300; // percent of the width of the pane
const ZOOM_STEP = 50;

const zoom = (figure, by) => {
  const image = figure.querySelector("img");
  const percent = parseInt(image.style.width) + by * ZOOM_STEP;
  if (percent < 100 || percent > MAX_ZOOM) return;
  image.style.width = figure.querySelector("output").value = `${percent}%`;
};

const turn = (figure) => {
  const image = figure.querySelector("img");
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width: height, height: width });
  const pen = canvas.getContext("2d");
  pen.translate(height, 0);
  pen.rotate(Math.PI / 2);
  pen.drawImage(image, 0, 0);
  image.src = canvas.toDataURL();
};

// Gradio takes as an event what this script names in quotes.
const EVENTS = ["edit", "retry", "up", "down", "track", "save_test", "cancel_edit"];

const act = async (button) => {
  const { number } = button.closest(".exchange").dataset;
  const kind = button.dataset.act;
  if (kind === "save_test") return trigger(kind, { number, selected: selectedPlace() });
  if (EVENTS.includes(kind)) return trigger(kind, { number });
  await copyFrom(button, button.parentElement.querySelector(`[data-form=${kind}]`).textContent);
};

// Asks a question as if it had been typed.
const ask = (question) => {
  const box = document.querySelector("#question textarea");
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => document.getElementById("send").click()); // after Gradio has seen the text
};

// Pressing the button must not clear the selection.
element.addEventListener("mousedown", (event) => event.target.closest("[data-act=save_test]") && event.preventDefault());

// A click on a card counts as one on its link, unless it ends a selection of text.
element.addEventListener("click", (event) => {
  if (event.target.closest(".close")) return close();
  if (event.target.closest(".to-answer")) return toAnswer();
  if (event.target.closest(".copy-link")) return copyFrom(event.target.closest(".copy-link"), address.link(shownAddress()));
  if (event.target.closest(".page")) return trigger("picture", { ...element.querySelector(".document").dataset });
  if (event.target.closest("[data-zoom]")) return zoom(event.target.closest(".picture"), Number(event.target.dataset.zoom));
  if (event.target.closest("[data-turn]")) return turn(event.target.closest(".picture"));
  if (event.target.closest(".step")) return step(Number(event.target.closest(".step").dataset.step));
  if (event.target.closest(".cancel-edit")) return trigger("cancel_edit");
  if (event.target.closest(".choice")) return ask(event.target.closest(".choice").dataset.question);
  if (event.target.closest(".act")) return act(event.target.closest(".act"));
  const direct = event.target.closest(".cite");
  const card = getSelection().isCollapsed ? event.target.closest(".card") : null;
  const link = direct ?? card?.querySelector(".cite");
  if (!link) return;
  event.preventDefault();
  open(link);
});

// What is in a document is looked for when its panel is opened for the first time.
element.addEventListener(
  "toggle",
  (event) => {
    const panel = event.target;
    if (!panel.matches(".contents") || !panel.open || panel.dataset.asked) return;
    panel.dataset.asked = Date.now();
    panel.querySelector(".found").textContent = "Looking through the document …";
    trigger("overview", { document: panel.closest(".document").dataset.document, asked: panel.dataset.asked });
  },
  true, // toggle does not bubble
);

// What is copied out of a table has the characters of its document, names and separators included.
element.addEventListener("copy", (event) => {
  const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
  if (!range?.intersectsNode(element) || !element.querySelector(".table")) return;
  event.clipboardData.setData("text/plain", range.toString());
  event.preventDefault();
});

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector(".document")) close();
  const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
  if (by && current() && event.target.closest("mark, .cite, .step")) {
    event.preventDefault();
    step(by);
  }
});

// A document opens at its mark. An exchange stays in view while it grows, unless the visitor scrolls away.
let growing = false;
watch("value", () => {
  if (element.closest("#document")) return reveal();
  const exchange = element.closest("#current") && element.querySelector(".exchange");
  if (!exchange) return;
  const begins = !growing && exchange.ariaBusy === "true";
  const below = exchange.getBoundingClientRect().bottom - innerHeight;
  growing = exchange.ariaBusy === "true";
  if (begins || Math.abs(below) < 300) exchange.scrollIntoView({ block: "nearest", behavior });
});
