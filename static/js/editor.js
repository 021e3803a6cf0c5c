// Gives the rich text editors the words of the page: in their toolbars and dialogs, and to those who hear the page.
// The words are in #editor-words, keyed by the editor's own. It asks for some itself, through gettext.
const words = JSON.parse(document.getElementById("editor-words").textContent);
window.gettext = (word) => words[word] ?? word;

// The other words of the toolbar. It comes after the editor, and its menu changes as the cursor moves.
const translate = (frame) => {
  for (const button of frame.querySelectorAll(".prose-menubar button[title]")) {
    if (!(button.title in words)) continue;
    button.setAttribute("aria-label", words[button.title]);
    button.title = words[button.title];
  }
  for (const option of frame.querySelectorAll(".prose-menubar__option > *")) {
    const word = words[option.textContent] ?? option.textContent;
    if (option.textContent !== word) option.textContent = word;
  }
};

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const group = textarea.closest("fieldset")?.querySelector("legend");
  const label = [group, ...textarea.labels].filter(Boolean).map((part) => part.textContent.trim().replace(/\s+/g, " "));
  const attributes = { "aria-label": label.join(", "), lang: textarea.lang };
  editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes } });
  const frame = editor.view.dom.parentElement;
  translate(frame);
  new MutationObserver(() => translate(frame)).observe(frame, { childList: true, subtree: true });
});
