import type { Source } from './source.ts';

type Options = {
  field: HTMLTextAreaElement;
  /** holds the field alone */
  parent: HTMLElement;
  label: string;
  /** no query is written in it, but several lines: Enter begins another */
  isPlain?: boolean;
  onChange: (text: string) => void;
  onRun: () => void;
};

/** Makes a field for a query. */
export type QueryFields = {
  /**
   * A field is plain until the editor has come, and stays so where the editor does not come; Enter runs what stands in
   * it, and Tab leaves it.
   */
  make: (options: Options) => { set: (text: string) => void; focus: () => void };
  /** To be called once the first picture is there: the editor is larger than all else together. */
  load: () => void;
};

export const createQueryFields = (source: Pick<Source, 'complete'>): QueryFields => {
  const { promise: allowed, resolve: load } = whenCalled();
  return {
    load,
    make: ({ field, parent, label, isPlain = false, onChange, onRun }) => {
      field.addEventListener('input', () => onChange(field.value));
      if (isPlain) {
        const set = (text: string) => {
          field.value = text;
        };
        return { set, focus: () => field.focus() };
      }
      field.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        onRun();
      });
      let editor: { set: (text: string) => void; focus: () => void } | undefined;
      const replace = async () => {
        const { createEditor } = await import('./editor.ts');
        const hadFocus = document.activeElement === field;
        const { placeholder: hint, value: text } = field;
        editor = createEditor({ parent, label, hint, text, onChange, onRun, complete: source.complete });
        if (hadFocus) editor.focus();
      };
      field.addEventListener('focus', load, { once: true });
      allowed.then(replace).catch(() => {});
      return {
        set: (text) => {
          field.value = text;
          editor?.set(text);
        },
        focus: () => (editor ?? field).focus(),
      };
    },
  };
};

const whenCalled = () => {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};
