// Runs once for the page: what a pointed-at citation shows, Escape, and what screen readers hear.

const begin = () => {
  const peek = Object.assign(document.createElement("div"), { id: "peek", hidden: true });
  peek.setAttribute("role", "tooltip");
  const heard = Object.assign(document.createElement("p"), { id: "heard" });
  heard.setAttribute("role", "status");
  document.body.append(peek, heard);

  const line = (name, text) => Object.assign(document.createElement(name), { textContent: text, dir: "auto" });

  const show = (event) => {
    const link = event.target.closest?.(".cite");
    if (!link) return;
    const { source, quote, document: name, start, end, tone } = link.dataset;
    peek.className = `tone-${tone}`;
    peek.replaceChildren(line("strong", source), line("blockquote", quote), line("small", `${name}, characters ${start} to ${end}`));
    peek.hidden = false;
    const at = link.getBoundingClientRect();
    const { width, height } = peek.getBoundingClientRect();
    const below = at.bottom + 6 + height < innerHeight;
    peek.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    peek.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - 6 - height)}px`;
    link.setAttribute("aria-describedby", "peek");
  };
  const hide = (event) => {
    peek.hidden = true;
    event.target.closest?.(".cite")?.removeAttribute("aria-describedby");
  };
  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, show);
  for (const kind of ["mouseout", "focusout", "scroll", "click"]) document.addEventListener(kind, hide, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    peek.hidden = true;
    const busy = document.querySelector(".exchange[aria-busy=true]");
    if (busy) document.querySelector("#stop")?.click();
  });

  // The state of the newest exchange, once it changes; the region itself is never replaced.
  let last = null;
  new MutationObserver(() => {
    const newest = [...document.querySelectorAll("#current .exchange")].at(-1);
    const state = newest ? newest.dataset.state || "Looking for an answer." : "";
    if (state === last) return;
    last = state;
    heard.textContent = state;
  }).observe(document.body, { childList: true, subtree: true });
};

document.body ? begin() : addEventListener("DOMContentLoaded", begin);
