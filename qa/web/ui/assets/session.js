// Runs once for the page: whether the server has opened the visitor's session (`attest.session`), soon after the page
// has loaded. What is sent before would be done in no session, and be lost. One that ends later says so.

attest.session = (() => {
  let resolve;
  const opened = new Promise((done) => (resolve = done));
  const session = { isOpen: false, opened };
  session.open = () => {
    session.isOpen = true;
    resolve();
  };
  return session;
})();
