/** @type {() => void} */
let allow = () => {};
const allowed = new Promise((resolve) => {
  allow = () => resolve(undefined);
});

/** To be called once the first picture is there: the editor is larger than all else together. */
export const loadEditors = () => allow();

/**
 * A field for a query. It is plain until the editor has come, and stays so where the editor does not come; Enter runs
 * what stands in it, and Tab leaves it.
 * @param {{ field: HTMLTextAreaElement, parent: HTMLElement, label: string,
 *   onChange: (text: string) => void, onRun: () => void }} options  `parent` holds the field alone
 */
export const queryField = ({ field, parent, label, onChange, onRun }) => {
  field.addEventListener('input', () => onChange(field.value));
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    onRun();
  });
  /** @type {{ set: (text: string) => void, focus: () => void } | undefined} */
  let editor;
  const load = async () => {
    const { createEditor } = await import('./editor.js');
    const hadFocus = document.activeElement === field;
    const { placeholder: hint, value: text } = field;
    editor = createEditor({ parent, label, hint, text, onChange, onRun });
    if (hadFocus) editor.focus();
  };
  field.addEventListener('focus', loadEditors, { once: true });
  allowed.then(load).catch(() => {});
  return {
    /** @param {string} text */
    set: (text) => {
      field.value = text;
      editor?.set(text);
    },
    focus: () => (editor ?? field).focus(),
  };
};
