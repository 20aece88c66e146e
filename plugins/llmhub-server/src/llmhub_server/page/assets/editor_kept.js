// Keeps the unsaved text of the spec in this browser, by the file and by what stood in it, until it is saved or
// discarded: the server may end at any time.
(() => {
  const SOON = 300; // milliseconds after the last change
  let file = null; // {element, path, hash, saved}: which file, and how it reads on disk
  let offered = false; // what was kept before waits for a decision

  const prefix = () => `llmhub-unsaved:${file.path}:`;
  const editor = () => file && getElement(file.element)?.editor;

  // A browser may keep nothing: then nothing is kept, and all else goes on.
  const quietly = (act) => {
    try {
      return act();
    } catch {
      return undefined;
    }
  };
  const kept = () =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix()))
      .map((key) => ({ hash: key.slice(prefix().length), ...JSON.parse(localStorage.getItem(key)) }))
      .sort((one, other) => other.at - one.at);
  const forget = () => kept().forEach(({ hash }) => localStorage.removeItem(prefix() + hash));

  const keep = () => {
    const text = editor()?.state.doc.toString();
    if (text === undefined) return;
    if (text !== file.saved) localStorage.setItem(prefix() + file.hash, JSON.stringify({ text, at: Date.now() }));
    else if (!offered) forget();
  };
  let soon;
  const keepSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(() => quietly(keep), SOON);
  };

  const told = (at) => {
    const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const day = new Date(at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
    return at.toDateString() === new Date().toDateString() ? time : `${day} ${time}`;
  };
  const offer = () => {
    const [latest] = kept();
    if (!latest || latest.text === file.saved) return;
    offered = true;
    const { text, at, hash } = latest;
    emitEvent("llmhub-kept", { text, at: told(new Date(at)), same: hash === file.hash });
  };

  window.llmhubKept = {
    // How the file reads on disk, told at first and whenever that changes.
    read(told) {
      file = told;
      keepSoon();
    },
    discard() {
      offered = false;
      quietly(forget);
      keepSoon();
    },
    restored() {
      offered = false;
      keepSoon();
    },
  };

  document.addEventListener("DOMContentLoaded", () => {
    const waiting = setInterval(() => {
      if (!editor() || !window.socket?.connected) return;
      clearInterval(waiting);
      quietly(offer);
      const changes = { childList: true, subtree: true, characterData: true };
      new MutationObserver(keepSoon).observe(editor().contentDOM, changes);
      window.addEventListener("pagehide", () => quietly(keep));
    }, 50);
  });
})();
