import type { Answer } from '../src/ask/answer.ts';
import type { Asked, View } from './address.ts';
import { readAddress, writeAddress } from './address.ts';
import { byId, element, keep, keptAgain } from './dom.ts';
import { createGraph } from './graph.ts';
import type { Sides } from './plot.ts';
import { poll } from './poll.ts';
import type { QueryFields } from './query-field.ts';
import type { Source } from './source.ts';
import { sampleTables, valueTable } from './table.ts';
import { createTabs } from './tabs.ts';
import { clock, count } from './words.ts';

type Answered = Extract<Answer, { kind: 'answered' }>;

const tabs = [
  { name: 'verdict', title: 'Verdict', panel: 'verdict' },
  { name: 'turn', title: 'Your turn', panel: 'turn' },
  { name: 'graph', title: 'Graph', panel: 'answer' },
  { name: 'table', title: 'Table', panel: 'answer' },
  { name: 'samples', title: 'Samples', panel: 'answer' },
];

/** What the lab's own Prometheus is called among those who answer. */
const own = 'Prometheus';

/** The query bar, and what is answered. */
export const createAsk = (
  picture: { windowSeconds: () => number; chooseWindow: (seconds: number) => void },
  source: Source,
  fields: QueryFields,
  sides: Sides,
) => {
  let asked: Asked = { query: '', of: undefined, as: 'graph', at: undefined, seconds: undefined, step: undefined };
  /** what stands in the bar: it is asked when the learner says so */
  let typed = '';
  let isShown = false;
  /** who else answers, in the step that is in force */
  let sources: string[] = [];

  const graph = createGraph(sides, (at) => ask({ at: Math.round(at * 1_000) / 1_000, as: 'table' }));
  const shownTabs = createTabs('tabs', tabs, (name) => {
    isShown = tabs.some((tab) => tab.name === name && tab.panel === 'answer');
    showFields();
    if (isShown) ask({ as: name as View, query: typed });
  });
  shownTabs.show('verdict');

  const ask = (change: Partial<Asked>) => {
    asked = { ...asked, ...change };
    if (asked.query.trim() === '') {
      show({ kind: 'failed', reason: 'Type a query, or choose one from the list' });
      return;
    }
    isShown = true;
    shownTabs.show(asked.as);
    byId('answer').dataset.as = asked.as;
    instant.value = asked.at === undefined ? '' : clock(asked.at);
    step.value = String(asked.step ?? '');
    showFields();
    writeAddress({ ...asked, seconds: picture.windowSeconds() });
    byId('answer').setAttribute('aria-busy', 'true');
    askAgain();
  };

  /** What belongs to the question beside the query itself. */
  const showFields = () => {
    byId('step-label').hidden = !isShown || asked.as !== 'graph';
    byId('at-label').hidden = !isShown || asked.as === 'graph';
    // Who was asked stays to be chosen, also where that step is no longer in force.
    const others = asked.of === undefined || sources.includes(asked.of) ? sources : [...sources, asked.of];
    byId('of-label').hidden = !isShown || others.length === 0;
    keep(of, JSON.stringify(others), () => [own, ...others].map((name) => element('option', { value: name }, name)));
    of.value = asked.of ?? own;
  };

  const show = (answer: Answer) => {
    const place = byId('answer');
    place.removeAttribute('aria-busy');
    place.dataset.kind = answer.kind;
    const isGraph = answer.kind === 'answered' && asked.as === 'graph' && answer.series.length > 0;
    byId('graph').hidden = !isGraph;
    byId('series').hidden = !isGraph;
    keep(byId('summary'), JSON.stringify(summary(answer, asked)), () => [summary(answer, asked)]);
    if (isGraph) graph.show(answer);
    const values = isGraph ? [] : valuesOf(answer, asked.of ?? own);
    keep(byId('values'), JSON.stringify(isGraph ? '' : { ...answer, tookSeconds: 0 }), () => values);
  };

  const question = () =>
    !isShown || asked.query.trim() === ''
      ? undefined
      : source.query({
          ...asked,
          seconds: picture.windowSeconds(),
          at: asked.as === 'graph' ? undefined : asked.at,
          step: asked.as === 'graph' ? asked.step : undefined,
        });
  const askAgain = poll(question, 2_000, {
    onAnswer: show,
    onFailure: (reason) => show({ kind: 'failed', reason: reason.replace(/^the /, 'The ') }),
    onWait: (waited) => {
      byId('summary').textContent = `Waiting for ${asked.of ?? own}: ${waited} s so far`;
      keptAgain(byId('summary'));
    },
  });

  const instant = byId('at') as HTMLInputElement;
  instant.addEventListener('change', () => ask({ at: instantOf(instant.value) }));
  const of = byId('of') as HTMLSelectElement;
  of.addEventListener('change', () => ask({ of: of.value === own ? undefined : of.value, query: typed }));
  const step = byId('step') as HTMLSelectElement;
  step.addEventListener('change', () => ask({ step: step.value === '' ? undefined : Number(step.value) }));
  byId('run').addEventListener('click', () => run());

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

  const open = (change: Partial<Asked> & { query: string; of: string | undefined }) => {
    typed = change.query;
    editor.set(change.query);
    ask(change);
  };
  const followAddress = () => {
    const found = readAddress();
    if (found === undefined) return;
    if (found.seconds !== undefined) picture.chooseWindow(found.seconds);
    open(found);
  };
  addEventListener('popstate', followAddress);

  return {
    open,
    focus: () => editor.focus(),
    /** Asks what the address holds. */
    followAddress,
    /** Who else answers from now on. */
    setSources: (names: string[]) => {
      sources = names;
      showFields();
    },
    align: (from: number, to: number) => graph.align(from, to),
    /** The picture shows another stretch of time. */
    again: () => {
      if (isShown) ask({});
    },
  };
};

/** The last time of day that is no later than now, as unix seconds; undefined for anything else. */
const instantOf = (text: string) => {
  const [, hours, minutes, rest = '0'] = /^\s*(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const now = Date.now() / 1_000;
  const at = Math.floor(now / 86_400) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
  return at > now ? at - 86_400 : at;
};

const summary = (answer: Answer, asked: Asked) => {
  if (answer.kind === 'refused' || answer.kind === 'failed') return '';
  if (answer.kind === 'samples') return `The samples that ${asked.of ?? own} has, and when they were scraped`;
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

/** NaN, +Inf, a histogram. */
const isUndrawable = ([, value]: Answered['series'][number]['samples'][number]) => !Number.isFinite(Number(value));
const undrawable = 'some values are no finite numbers and are not drawn: the table has them';

/** @param name  who has answered */
const valuesOf = (answer: Answer, name: string): (Node | string)[] => {
  if (answer.kind === 'refused') {
    return [element('p.refusal', { role: 'alert' }, element('strong', {}, `${name}: `), answer.words)];
  }
  if (answer.kind === 'failed') return [element('p.refusal', { role: 'alert' }, `${answer.reason}.`)];
  if (answer.kind === 'samples') return [sampleTables(answer)];
  if (answer.series.length === 0) {
    const words = 'An empty answer is no error: no series of that name has a sample in this time.';
    return [element('p.quiet', {}, words)];
  }
  return [valueTable(answer)];
};
