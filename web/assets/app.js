// Runs once in each gr.HTML of the page, as the body of a function of `element`, `trigger` and `watch`.
// The link whose document is open has aria-current.

const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
const current = () => document.querySelector(".cite[aria-current]");

const reveal = () => {
  const mark = document.querySelector("#document mark");
  if (!mark) return current()?.removeAttribute("aria-current");
  mark.focus({ preventScroll: true });
  mark.scrollIntoView({ block: "center", behavior });
};

const open = (link) => {
  if (link === current()) return reveal();
  current()?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  trigger("cite", { ...link.dataset });
};

const close = () => {
  current()?.focus();
  trigger("close");
};

// A click on a card is one on its link, unless it ends the selecting of text.
element.addEventListener("click", (event) => {
  if (event.target.closest(".close")) return close();
  const direct = event.target.closest(".cite");
  const card = getSelection().isCollapsed ? event.target.closest(".card") : null;
  const link = direct ?? card?.querySelector(".cite");
  if (!link) return;
  event.preventDefault();
  open(link);
});

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && element.querySelector(".document")) close();
});

// A document opens at its mark; an exchange stays in view while it grows, unless the reader left it.
let growing = false;
watch("value", () => {
  if (element.closest("#document")) return reveal();
  const exchange = element.closest("#current") && element.querySelector(".exchange");
  if (!exchange) return;
  const begins = !growing && exchange.ariaBusy === "true";
  const below = exchange.getBoundingClientRect().bottom - innerHeight;
  growing = exchange.ariaBusy === "true";
  if (begins || Math.abs(below) < 300) exchange.scrollIntoView({ block: "nearest" });
});
