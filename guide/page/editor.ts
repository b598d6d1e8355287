import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';

/**
 * The editor that Prometheus' own page uses. It lives in a shadow root: what stands in the page may not bring styles of
 * its own (Content-Security-Policy), and a shadow root takes them as objects.
 */

/** Colours are the page's own: its variables reach into the shadow root. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--accent)' },
  { tag: tags.function(tags.variableName), color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.number, tags.special(tags.brace)], color: 'var(--missed)' },
  { tag: tags.labelName, color: 'var(--stored)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
]);

const theme = EditorView.theme({
  '&': { fontSize: '13px', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', maxHeight: '7.5em' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--text)', minWidth: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  // On one line, as in the plain field that it takes the place of.
  '.cm-placeholder': {
    color: 'var(--quiet)',
    maxWidth: '100%',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--accent-soft) !important' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--accent-soft) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--card)', border: '1px solid var(--line)', color: 'var(--text)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    maxHeight: '13em',
    maxWidth: 'min(34em, 80vw)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--card)' },
  '.cm-completionDetail': { color: 'var(--quiet)', marginLeft: '1em', fontStyle: 'normal' },
  'li[aria-selected] .cm-completionDetail': { color: 'var(--card)' },
  '.cm-completionInfo': { maxWidth: '26em', padding: '6px 9px', font: '12px/1.4 var(--sans)' },
  '.cm-diagnostic': { font: '12px/1.4 var(--sans)', borderLeftColor: 'var(--bad)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--bad)' },
});

/**
 * A browser that types over a selection keeps its look by an inline style, which the policy forbids: the text is put
 * in here instead, by way of whoever else wants to see it first.
 */
const replaceSelection = (event: InputEvent, view: EditorView) => {
  const { from, to, empty } = view.state.selection.main;
  const { data: text } = event;
  if (event.inputType !== 'insertText' || text === null || empty || view.composing) return false;
  event.preventDefault();
  const insert = () =>
    view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true });
  if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, text, insert)))
    view.dispatch(insert());
  return true;
};

/**
 * Puts an editor into an element.
 * @param options  `onRun` on Enter; `complete` asks Prometheus' API for names
 */
export const createEditor = ({
  parent,
  label,
  hint,
  text,
  onRun,
  onChange,
  complete,
}: {
  parent: HTMLElement;
  label: string;
  hint: string;
  text: string;
  onRun: (text: string) => void;
  onChange: (text: string) => void;
  complete: typeof fetch;
}) => {
  const root = parent.attachShadow({ mode: 'open' });
  const promql = new PromQLExtension().setComplete({
    remote: {
      url: '/prometheus',
      httpMethod: 'GET',
      fetchFn: complete,
      // Short, because learners look for the metric that they have just created.
      cache: { maxAge: 30_000 },
    },
  });
  const run = (view: EditorView) => {
    // One that comes only now would stand over the answer.
    closeCompletion(view);
    onRun(view.state.doc.toString());
    return true;
  };
  const extensions = [
    // Enter takes the suggestion that is chosen, and runs the query where there is none; Tab leaves the editor.
    Prec.highest(
      keymap.of([
        { key: 'Enter', run: (view) => acceptCompletion(view) || run(view) },
        { key: 'Mod-Enter', run },
      ]),
    ),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    history(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ activateOnTyping: true }),
    syntaxHighlighting(colours),
    promql.asExtension(),
    EditorView.lineWrapping,
    EditorView.domEventHandlers({
      beforeinput: replaceSelection,
      // Suggestions that are still on their way would stand over what comes next.
      blur: (_, view) => void closeCompletion(view),
    }),
    EditorView.contentAttributes.of({ 'aria-label': label }),
    placeholder(hint),
    theme,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({
    root,
    parent: root as unknown as Element,
    state: EditorState.create({ doc: text, extensions }),
  });
  return {
    set: (now: string) => {
      if (now !== view.state.doc.toString())
        view.dispatch({
          changes: { from: 0, to: view.state.doc.length, insert: now },
          selection: { anchor: now.length },
        });
    },
    focus: () => view.focus(),
  };
};
