// Runs once for the page: the preview of a citation, what marked words mean, Escape, and the announcements for screen readers.

const begin = () => {
  const preview = Object.assign(document.createElement("div"), { id: "preview", hidden: true });
  preview.setAttribute("role", "tooltip");
  const announcement = Object.assign(document.createElement("p"), { id: "announcement" });
  announcement.setAttribute("role", "status");
  document.body.append(preview, announcement);

  const line = (name, text) => Object.assign(document.createElement(name), { textContent: text, dir: "auto" });

  const fill = (target) => {
    const { message, source, quote, document: name, start, end, tone } = target.dataset;
    preview.className = message ? "message" : `tone-${tone}`;
    const lines = message
      ? [line("span", message)]
      : [line("strong", source), line("blockquote", quote), line("small", `${name}, characters ${start} to ${end}`)];
    preview.replaceChildren(...lines);
    // The message is part of the marked words for a screen reader: page.css.
    if (!message) target.setAttribute("aria-describedby", "preview");
  };

  const show = (event) => {
    const target = event.target.closest?.(".cite, .unquoted");
    if (!target) return;
    fill(target);
    preview.hidden = false;
    const box = target.getBoundingClientRect();
    const { width, height } = preview.getBoundingClientRect();
    const below = box.bottom + 6 + height < innerHeight;
    preview.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    preview.style.top = `${Math.max(8, below ? box.bottom + 6 : box.top - 6 - height)}px`;
  };
  const hide = (event) => {
    if (event.type === "click" && event.target.closest?.(".unquoted")) return; // a tap has just shown it
    preview.hidden = true;
    event.target.closest?.(".cite")?.removeAttribute("aria-describedby");
  };
  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, show);
  for (const kind of ["mouseout", "focusout", "scroll", "click"]) document.addEventListener(kind, hide, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    preview.hidden = true;
    const busy = document.querySelector(".exchange[aria-busy=true]");
    if (busy) document.querySelector("#stop")?.click();
  });

  // Count the seconds of the step that is being done.
  const begun = new WeakMap();
  setInterval(() => {
    for (const each of document.querySelectorAll(".seconds[data-elapsed]")) {
      const { elapsed } = each.dataset;
      if (begun.get(each)?.elapsed !== elapsed) begun.set(each, { elapsed, at: performance.now() - 1000 * elapsed });
      const text = `${Math.floor((performance.now() - begun.get(each).at) / 1000)} s`;
      if (each.textContent !== text) each.textContent = text;
    }
  }, 200);

  // Announce the state of the newest exchange when it changes. The region itself is never replaced.
  let last = null;
  new MutationObserver(() => {
    const newest = [...document.querySelectorAll("#current .exchange")].at(-1);
    const state = newest ? newest.dataset.state || "Looking for an answer." : "";
    if (state === last) return;
    last = state;
    announcement.textContent = state;
  }).observe(document.body, { childList: true, subtree: true });
};

document.body ? begin() : addEventListener("DOMContentLoaded", begin);
