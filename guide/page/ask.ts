import { ownJob } from '../../lab/model/metrics.ts';
import type { Answer } from '../src/ask/answer.ts';
import { type Addressed, type Asked, readAddress, type View, writeAddress } from './address.ts';
import { byId, element, keep, keptAgain, withCode } from './dom.ts';
import { createGraph, letterOf } from './graph.ts';
import { createHistory } from './history.ts';
import { partsTree, reasonsIn } from './parts.ts';
import type { Sides } from './plot.ts';
import { outcomeOf, poll } from './poll.ts';
import type { QueryFields } from './query-field.ts';
import type { Question, Source } from './source.ts';
import { sampleTables, valueTable } from './table.ts';
import type { createTabs } from './tabs.ts';
import { duration, durationIn, instantIn } from './times.ts';
import { clock, count } from './words.ts';

type Answered = Extract<Answer, { kind: 'answered' }>;

/** What the lab's own Prometheus is called among those who answer. */
const own = 'Prometheus';

/** The longest range of a graph: what the lab begins with. */
const longestSeconds = 3_600;

/** Every series of the learner's own target. */
const ofOwnTarget = `{job="${ownJob}"}`;

/** More lines would not be distinguished. */
const mostQueries = 6;

/** The time range of the picture, which the graph follows unless it has one of its own. */
type Range = { windowSeconds: () => number; chooseWindow: (seconds: number) => boolean };

/** The query bar, and what is answered. */
export const createAsk = (
  picture: Range,
  tabs: Pick<ReturnType<typeof createTabs>, 'show'>,
  source: Source,
  fields: QueryFields,
  sides: Sides,
) => {
  const nothing = { at: undefined, seconds: undefined, step: undefined, isStacked: false };
  let asked: Asked = { query: '', of: undefined, as: 'graph', also: [], ...nothing };
  /** what stands in the bar: it is asked when the learner says so */
  let typed = '';
  let isShown = false;
  /** who else answers, in the step that is active */
  let sources: string[] = [];

  const graph = createGraph(sides, {
    onPick: (at) => ask({ at: rounded(at), as: 'table' }),
    onZoom: (from, to) => ask({ at: rounded(to), seconds: Math.max(1, Math.round(to - from)) }),
  });
  const history = createHistory((query) => open({ query, of: asked.of }));

  const ask = (change: Partial<Asked>) => {
    asked = { ...asked, ...change };
    if (asked.query.trim() === '') {
      show({ answers: [], failed: 'Type a query, or choose one of the lesson' });
      return;
    }
    isShown = true;
    tabs.show(asked.as);
    byId('answer').dataset.as = asked.as;
    history.add(asked.query);
    showFields();
    writeAddress({ ...asked, seconds: asked.seconds ?? picture.windowSeconds() });
    byId('answer').setAttribute('aria-busy', 'true');
    askAgain();
  };

  /** What belongs to the question beside the query itself. */
  const showFields = () => {
    const isGraph = asked.as === 'graph';
    byId('fields').hidden = !isShown;
    for (const id of ['range-label', 'step-label', 'stacked-label']) byId(id).hidden = !isGraph;
    byId('to-now').hidden = asked.at === undefined && asked.seconds === undefined;
    put('at', asked.at === undefined ? '' : clock(asked.at));
    put('range', asked.seconds === undefined ? '' : duration(asked.seconds));
    field('range').placeholder = duration(picture.windowSeconds());
    put('step', String(asked.step ?? ''));
    field('stacked').checked = asked.isStacked;
    // Who was asked stays to be chosen, also where that step is no longer active.
    const others = asked.of === undefined || sources.includes(asked.of) ? sources : [...sources, asked.of];
    byId('of-label').hidden = others.length === 0;
    keep(of, JSON.stringify(others), () => [own, ...others].map((name) => element('option', { value: name }, name)));
    of.value = asked.of ?? own;
    showAlso();
  };

  /** The queries that are drawn beside the one in the bar. */
  const showAlso = () =>
    keep(byId('also'), JSON.stringify([asked.also, asked.query]), () =>
      asked.also.length === 0
        ? []
        : [asked, ...asked.also].map((each, index) =>
            element(
              'li',
              {},
              element('strong', {}, letterOf(index)),
              element('code', {}, each.query),
              each.of !== undefined && element('span.quiet', {}, ` ${each.of}`),
              index > 0 &&
                element(
                  'button',
                  { type: 'button', 'aria-label': `Take out ${each.query}`, click: () => takeOut(index - 1) },
                  '×',
                ),
            ),
          ),
    );
  const takeOut = (index: number) => ask({ also: asked.also.filter((_, at) => at !== index) });

  /** Keeps the query of the bar in the graph, and makes room for another one. */
  const addQuery = () => {
    if (typed.trim() === '' || asked.also.length >= mostQueries - 1) return;
    const added = { query: typed, of: asked.of };
    ask({ query: typed, as: 'graph', also: [...asked.also.filter(({ query }) => query !== typed), added] });
    typed = '';
    editor.set('');
    editor.focus();
  };

  const show = ({ answers, failed }: Reply) => {
    const place = byId('answer');
    place.removeAttribute('aria-busy');
    const [first] = answers;
    place.dataset.kind = failed === undefined ? (first?.kind ?? '') : 'failed';
    const drawable = answers.filter((answer) => answer.kind === 'answered');
    const isGraph = asked.as === 'graph' && drawable.some(({ series }) => series.length > 0);
    byId('graph').hidden = !isGraph;
    byId('series').hidden = !isGraph;
    const words =
      failed !== undefined
        ? ''
        : answers
            .map((each, index) => (index === 0 ? summary(each, asked) : `${letterOf(index)} ${seriesOf(each)}`))
            .filter((each) => each !== '')
            .join(' · ');
    keep(byId('summary'), JSON.stringify(words), () => [words]);
    byId('summary').title = words;
    if (isGraph) graph.show(drawable, { isStacked: asked.isStacked, isOwnRange: isOwnRange(asked) });
    const queries = [asked, ...asked.also];
    const content = JSON.stringify([
      failed,
      answers.map((answer) => ({ ...answer, ...(isGraph && { series: [] }), tookSeconds: 0 })),
    ]);
    keep(byId('values'), content, () =>
      failed !== undefined
        ? [element('p.refusal', { role: 'alert' }, `${failed}.`)]
        : answers.flatMap((answer, index) => {
            const letter = answers.length > 1 ? `${letterOf(index)}: ` : '';
            return isGraph && isDrawn(answer) ? [] : valuesOf(answer, letter, queries[index] ?? asked);
          }),
    );
  };

  const valuesOf = (answer: Answer, letter: string, { query, of }: Addressed): (Node | string)[] => {
    const name = of ?? own;
    if (answer.kind === 'refused') {
      return [element('p.refusal', { role: 'alert' }, letter, element('strong', {}, `${name}: `), answer.words)];
    }
    if (answer.kind === 'failed') return [element('p.refusal', { role: 'alert' }, letter, `${answer.reason}.`)];
    if (answer.kind === 'samples') return [sampleTables(answer)];
    if (answer.kind === 'parts') return [partsTree(answer.tree, (part) => open({ query: part, of }))];
    if (answer.series.length === 0) return [empty(letter, { query, of })];
    return [valueTable(answer)];
  };

  /** An empty answer, and why it is empty as soon as that is known. */
  const empty = (letter: string, { query, of }: Addressed) => {
    const reasons = element('ul', {});
    const ask = async () => {
      const outcome = await outcomeOf(source.query({ query, of, as: 'parts', at: asked.at, seconds: 60 }));
      const tree = 'reply' in outcome && outcome.reply.kind === 'parts' ? outcome.reply.tree : undefined;
      const found = reasonsIn(tree);
      const words = found.length > 0 ? found : ['the tab Parts shows where it becomes empty'];
      reasons.replaceChildren(...words.map((each) => element('li', {}, ...withCode(`${each}.`))));
    };
    ask();
    return element('div.empty', {}, element('p.quiet', {}, `${letter}An empty answer is no error.`), reasons);
  };

  const question = (): Question<Reply> | undefined => {
    if (!isShown || asked.query.trim() === '') return undefined;
    const isGraph = asked.as === 'graph';
    const queries = isGraph ? [asked, ...asked.also] : [asked];
    return together(
      queries.map(({ query, of }) =>
        source.query({
          query,
          of,
          as: asked.as,
          seconds: asked.seconds ?? picture.windowSeconds(),
          at: asked.at,
          step: isGraph ? asked.step : undefined,
        }),
      ),
    );
  };
  const askAgain = poll(question, 2_000, {
    onAnswer: (answers) => show({ answers: answers.answers }),
    onFailure: (reason) => show({ answers: [], failed: reason.replace(/^the /, 'The ') }),
    onWait: (waited) => {
      byId('summary').textContent = `Waiting for ${asked.of ?? own}: ${waited} s so far`;
      keptAgain(byId('summary'));
    },
  });

  const of = byId('of') as HTMLSelectElement;
  of.addEventListener('change', () => ask({ of: of.value === own ? undefined : of.value, query: typed }));
  const onField = (id: string, read: (text: string) => Partial<Asked>) =>
    field(id).addEventListener('change', () => ask(read(field(id).value)));
  onField('at', (text) => ({ at: instantIn(text, Date.now() / 1_000) }));
  onField('range', (text) => {
    const typed = durationIn(text);
    return { seconds: typed && Math.min(Math.max(1, typed), longestSeconds) };
  });
  onField('step', (text) => ({ step: durationIn(text) }));
  field('stacked').addEventListener('change', () => ask({ isStacked: field('stacked').checked }));
  byId('to-now').addEventListener('click', () => ask({ at: undefined, seconds: undefined }));
  byId('run').addEventListener('click', () => run());
  byId('add').addEventListener('click', () => addQuery());
  byId('own-target').addEventListener('click', () => open({ query: ofOwnTarget, of: undefined, as: 'table' }));

  const run = () => ask({ query: typed, as: asked.as });
  const editor = fields.make({
    field: byId('query') as HTMLTextAreaElement,
    parent: byId('editor'),
    label: 'PromQL query',
    onChange: (text) => {
      typed = text;
    },
    onRun: () => run(),
  });

  const open = (change: Partial<Asked> & Addressed) => {
    typed = change.query;
    editor.set(change.query);
    ask(change);
  };
  const followAddress = () => {
    const found = readAddress();
    if (found === undefined) return;
    const isOfPicture = found.seconds !== undefined && !(found.as === 'graph' && found.at !== undefined);
    const isOfPictureNow = isOfPicture && picture.chooseWindow(found.seconds ?? 0);
    const isRange = found.seconds !== undefined && found.seconds >= 1 && found.seconds <= longestSeconds;
    open({ ...found, seconds: isRange && !isOfPictureNow ? found.seconds : undefined });
  };
  addEventListener('popstate', followAddress);
  showFields();

  return {
    open,
    focus: () => editor.focus(),
    /** One of the tabs of a query was chosen, or another tab. */
    choose: (view: View | undefined) => {
      isShown = view !== undefined;
      showFields();
      if (view !== undefined) ask({ as: view, query: typed });
    },
    /** Asks what the address holds. */
    followAddress,
    /** @param target  of the learner's own, host:port; undefined where there is none */
    setOwnTarget: (target: string | undefined) => {
      byId('own-target').hidden = target === undefined;
      byId('own-target').title = `The series of ${target}`;
    },
    /** Who else answers from now on. */
    setSources: (names: string[]) => {
      sources = names;
      showFields();
    },
    align: (from: number, to: number) => graph.align(from, to),
    /** The picture shows another time range. */
    again: () => {
      if (isShown) ask({});
    },
  };
};

/** What came of a question: an answer for each query, or why there is none. */
type Reply = { answers: readonly Answer[]; failed?: string };

/** Several questions as one. */
const together = (questions: readonly Question<Answer>[]): Question<Reply> => ({
  name: questions.map(({ name }) => name).join('\n'),
  ask: async (signal) => ({ answers: await Promise.all(questions.map((each) => each.ask(signal))) }),
});

const field = (id: string) => byId(id) as HTMLInputElement;

/** What is being typed stays. */
const put = (id: string, value: string) => {
  if (document.activeElement !== field(id)) field(id).value = value;
};

const rounded = (at: number) => Math.round(at * 1_000) / 1_000;

/** Whether the graph has a time range that is not the picture's. */
const isOwnRange = ({ at, seconds }: Asked) => at !== undefined || seconds !== undefined;

const isDrawn = (answer: Answer) => answer.kind === 'answered' && answer.series.length > 0;

const summary = (answer: Answer, asked: Asked) => {
  if (answer.kind === 'refused' || answer.kind === 'failed') return '';
  if (answer.kind === 'samples') return `The samples that ${asked.of ?? own} has, and when they were scraped`;
  if (answer.kind === 'parts') return `Each part of the query, asked at ${clock(answer.at)} UTC`;
  const { series, total, isCounted, from, to, stepSeconds, notes, tookSeconds } = answer;
  const there = isCounted ? count(total, 'series', 'series') : `over ${total - 1} series`;
  const shown = total > series.length ? `${series.length} of ${there} shown` : there;
  const when =
    asked.as === 'graph' ? `every ${stepSeconds} s from ${clock(from)} to ${clock(to)} UTC` : `at ${clock(to)} UTC`;
  const hidden = asked.as === 'graph' && series.some(({ samples }) => samples.some(isUndrawable)) ? [undrawable] : [];
  return [
    `${asked.of === undefined ? '' : `${asked.of} · `}${shown} · ${when} · ${Math.max(1, Math.round(tookSeconds * 1_000))} ms`,
    ...hidden,
    ...notes,
  ].join(' · ');
};

/** How many series an answer has, where it has any. */
const seriesOf = (answer: Answer) =>
  answer.kind === 'answered' ? count(answer.total, 'series', 'series') : 'not answered';

/** NaN, +Inf, a histogram. */
const isUndrawable = ([, value]: Answered['series'][number]['samples'][number]) => !Number.isFinite(Number(value));
const undrawable = 'some values are no finite numbers and are not drawn: the table has them';
