// Runs once for the page: the visitor's conversations, as this browser stores them (`attest.conversations`). Each is
// a record of its own in IndexedDB, whose transactions let two tabs add to one conversation and lose nothing.

attest.conversations = (() => {
  const MAX_BYTES = 900_000; // of the megabyte that a request may have: MAX_BODY in qa/web/security/middleware.py
  const LEGACY_KEY = "attest-conversations"; // where earlier versions stored all conversations together

  const { address } = attest;
  const listeners = [];
  const channel = new BroadcastChannel("attest-conversations");
  const tell = (id, here) => listeners.forEach((listener) => listener(id, here));
  channel.onmessage = (event) => tell(event.data, false);

  let opening;
  const database = () =>
    (opening ??= new Promise((resolve, reject) => {
      // An account has its own conversations, whoever else uses this browser.
      const request = indexedDB.open(`attest-${window.gradio_config?.username ?? ""}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("conversations", { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }));

  // Runs `act` on the stored conversations, and resolves to the result of the last request that it returns.
  const run = async (mode, act) => {
    const transaction = (await database()).transaction("conversations", mode);
    return new Promise((resolve, reject) => {
      const request = act(transaction.objectStore("conversations"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  };

  const change = async (id, act) => {
    await run("readwrite", act);
    tell(id, true);
    channel.postMessage(id);
  };

  // Replaces the conversation `id` by what `revise` makes of it, unless that is nothing.
  const update = (id, revise) =>
    change(id, (store) => {
      const request = store.get(id);
      request.onsuccess = () => {
        const revised = revise(request.result);
        if (revised) store.put(revised);
      };
      return request;
    });

  const get = (id) => run("readonly", (store) => store.get(id));
  const all = async () => (await run("readonly", (store) => store.getAll())).sort((a, b) => b.updated - a.updated);
  const rename = (id, title) => update(id, (old) => old && { ...old, title: titled(title) || old.title });
  const remove = (id) => change(id, (store) => store.delete(id));

  const titled = (text) => text.trim().replace(/\s+/g, " ").slice(0, 80);
  const random = () => crypto.getRandomValues(new BigUint64Array(1))[0].toString(16);

  // Opens another conversation; without an id, one that has no questions yet.
  let asking = ""; // the open conversation, while a question of this tab is being answered in it
  const open = (id) => {
    asking = "";
    address.go({ conversation: id, document: "" });
  };
  address.onMove(() => (asking = ""));

  // Stores what became of the question that was asked here last: in its place, or last if another tab has removed it.
  let saved = "";
  const saveAnswer = async () => {
    const text = document.querySelector("#ended pre")?.textContent;
    if (!text || text === saved) return;
    saved = text;
    const { conversation, exchange } = JSON.parse(text);
    if (asking === conversation) asking = "";
    await update(conversation, (old) => {
      if (!old) return null; // it was deleted meanwhile
      const known = old.records.some((each) => each.id === exchange.id);
      const records = known ? old.records.map((each) => (each.id === exchange.id ? exchange : each)) : [...old.records, exchange];
      return { ...old, records };
    });
  };

  // Takes over what an earlier version stored, which the page may not have read yet when it first asks for it.
  let migrated = false;
  const migrate = async (legacy) => {
    if (migrated || !legacy) return;
    migrated = true;
    const old = Array.isArray(legacy?.all) ? legacy.all.filter((each) => each?.id && Array.isArray(each.records)) : [];
    const now = Date.now();
    for (const [i, { id, title, records }] of old.entries()) {
      const exchanges = records.map((record) => ({ ...record, id: random() }));
      await update(id, (newer) => newer ?? { id, title, records: exchanges, updated: now - i });
    }
    localStorage.removeItem(LEGACY_KEY);
  };

  // The open conversation, with its newest answer and the address of the document that is open beside it.
  const current = async (legacy) => {
    await migrate(legacy);
    await saveAnswer();
    const { conversation: id, document } = address.read();
    const none = { id, title: "", records: [], problem: id && "missing" };
    return { ...((id && (await get(id))) || none), document };
  };

  // Stores a question before it is answered, and returns the conversation before it. A question that is edited takes
  // the place of its former self and of all that came after.
  const begin = async (legacy, question) => {
    const found = await current(legacy);
    if (!question.trim()) return found;
    const before = found.records.slice(0, document.querySelector("#current .editing")?.dataset.before);
    const replaced = found.records.slice(before.length).map((each) => each.id);
    const id = (!found.problem && found.id) || random();
    const asked = { id, title: found.title, records: before };
    if (new Blob([JSON.stringify(asked)]).size > MAX_BYTES) return { ...asked, records: [], problem: "full" };
    const exchange = { id: random(), question, note: "", answer: null };
    open(id);
    asking = id;
    await update(id, (old) => ({
      id,
      updated: Date.now(),
      title: old?.title ?? titled(question),
      records: [...(old?.records ?? []).filter((each) => !replaced.includes(each.id)), exchange],
    }));
    return { ...asked, asking: exchange.id };
  };

  return {
    all,
    begin,
    current,
    isAsking: () => asking !== "",
    open,
    remove,
    rename,
    saveAnswer,
    // Calls `listener` with the id of a conversation that has changed, and whether that was in this tab.
    onChange: (listener) => listeners.push(listener),
  };
})();
