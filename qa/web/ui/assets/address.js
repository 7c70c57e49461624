// Runs once for the page, before the other scripts: the address of what the page shows (`attest.address`), so that
// Back and Forward lead through what was shown, and a reload shows it again. It is #c/CONVERSATION, or the address of
// a document (qa/web/addresses.py) as #d/DIGEST or #d/DIGEST/START-END, or both with & between them.

window.attest = {};

attest.address = (() => {
  const parse = () => {
    const parts = location.hash.slice(1).split("&");
    const part = (kind) => parts.find((each) => each.startsWith(kind)) ?? "";
    return { conversation: part("c/").slice(2), document: part("d/") };
  };

  let shown = parse();
  const listeners = [];
  const tell = (left) => listeners.forEach((listener) => listener(shown, left));
  addEventListener("popstate", () => {
    const left = shown;
    shown = parse();
    tell(left);
  });

  // Makes `to` the address of what the page shows now.
  const go = (to) => {
    shown = { ...shown, ...to };
    const { conversation, document } = shown;
    const hash = [conversation && `c/${conversation}`, document].filter(Boolean).join("&");
    if (hash === location.hash.slice(1)) return;
    history.pushState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  return {
    read: () => shown,
    // Calls `listener` with what is to be shown and what was, when the visitor goes back, forward or to a link.
    onMove: (listener) => listeners.push(listener),
    go,
    // Shows the document at the address `document`.
    visit: (document) => {
      const left = shown;
      go({ document });
      tell(left);
    },
    // The link to `address`, which is relative to that of the page.
    link: (address) => new URL(address, location.origin + location.pathname).href,
  };
})();
