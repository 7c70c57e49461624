// Runs once for the page, before the other scripts: the address of what the page shows (`attest.address`). It is
// #c/CONVERSATION, so that Back and Forward lead through what was shown, and a reload shows it again.

window.attest = {};

attest.address = (() => {
  const parse = () => ({ conversation: location.hash.startsWith("#c/") ? location.hash.slice(3) : "" });

  let shown = parse();
  const listeners = [];
  addEventListener("popstate", () => {
    const left = shown;
    shown = parse();
    for (const listener of listeners) listener(shown, left);
  });

  return {
    read: () => shown,
    // Calls `listener` with what is to be shown and what was, when the visitor has gone back or forward.
    onMove: (listener) => listeners.push(listener),
    // Makes `to` the address of what the page shows now.
    go: (to) => {
      shown = { ...shown, ...to };
      const hash = shown.conversation && `#c/${shown.conversation}`;
      if (hash === location.hash) return;
      history.pushState(null, "", hash || location.pathname + location.search);
    },
  };
})();
