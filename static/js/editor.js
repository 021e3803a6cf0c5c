// Gives each rich text editor the words of its label and its language, for those who hear the page.
document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const group = textarea.closest("fieldset")?.querySelector("legend");
  const words = [group, ...textarea.labels].filter(Boolean).map((part) => part.textContent.trim().replace(/\s+/g, " "));
  const attributes = { "aria-label": words.join(", "), lang: textarea.lang };
  editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes } });
});
