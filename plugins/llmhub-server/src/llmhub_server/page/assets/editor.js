// What the editor of the spec needs of the browser: Ctrl+S, a word before leaving, light and dark, jumps.
(() => {
  window.llmhubUnsaved = false;
  window.addEventListener("beforeunload", (event) => {
    if (window.llmhubUnsaved) event.preventDefault();
  });
  window.addEventListener(
    "keydown",
    (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
        event.preventDefault();
        event.stopPropagation();
        if (!document.querySelector(".q-dialog")) emitEvent("llmhub-save", null);
      }
    },
    true,
  );

  window.llmhubEditor = {
    jump({ element, line, column }) {
      const view = getElement(element)?.editor;
      if (!view) return;
      document.querySelectorAll(".pane-buttons button")[1]?.offsetParent &&
        document.querySelectorAll(".pane-buttons button")[1].click();
      const place = view.state.doc.line(Math.min(line, view.state.doc.lines));
      const at = Math.min(place.from + column, place.to);
      // After the pane is shown, where the window is narrow.
      setTimeout(() => {
        view.dispatch({ selection: { anchor: at }, scrollIntoView: true });
        view.focus();
      }, 60);
    },
  };

  const colours = () => (document.body.classList.contains("body--dark") ? "dark" : "light");
  let told = null;
  const tell = () => {
    if (told !== colours()) emitEvent("llmhub-colours", (told = colours()));
  };
  const name = () => {
    const content = document.querySelector(".spec-text .cm-content");
    if (content && !content.hasAttribute("aria-label")) content.setAttribute("aria-label", "The text of the spec");
    if (content && !content.hasAttribute("tabindex")) content.setAttribute("tabindex", "0");
    return content;
  };
  document.addEventListener("DOMContentLoaded", () => {
    const waiting = setInterval(() => {
      if (!name() || !window.socket?.connected) return;
      clearInterval(waiting);
      tell();
      new MutationObserver(tell).observe(document.body, { attributeFilter: ["class"] });
      new MutationObserver(name).observe(document.querySelector(".spec-text .cm-content"), { attributes: true });
    }, 50);
  });
})();
