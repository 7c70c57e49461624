// Runs once for the page: the preview of a citation, Escape, and the announcements for screen readers.

const begin = () => {
  const preview = Object.assign(document.createElement("div"), { id: "preview", hidden: true });
  preview.setAttribute("role", "tooltip");
  const announcement = Object.assign(document.createElement("p"), { id: "announcement" });
  announcement.setAttribute("role", "status");
  document.body.append(preview, announcement);

  const line = (name, text) => Object.assign(document.createElement(name), { textContent: text, dir: "auto" });

  const show = (event) => {
    const link = event.target.closest?.(".cite");
    if (!link) return;
    const { source, quote, document: name, start, end, tone } = link.dataset;
    preview.className = `tone-${tone}`;
    preview.replaceChildren(line("strong", source), line("blockquote", quote), line("small", `${name}, characters ${start} to ${end}`));
    preview.hidden = false;
    const box = link.getBoundingClientRect();
    const { width, height } = preview.getBoundingClientRect();
    const below = box.bottom + 6 + height < innerHeight;
    preview.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    preview.style.top = `${Math.max(8, below ? box.bottom + 6 : box.top - 6 - height)}px`;
    link.setAttribute("aria-describedby", "preview");
  };
  const hide = (event) => {
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
