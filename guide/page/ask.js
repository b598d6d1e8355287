import { readAddress, writeAddress } from './address.js';
import { byId, element } from './dom.js';
import { createGraph } from './graph.js';
import { keep, keptAgain } from './header.js';
import { poll } from './poll.js';
import { queryField } from './query-field.js';
import { sampleTables, valueTable } from './table.js';
import { createTabs } from './tabs.js';
import { clock, count } from './words.js';

/**
 * @typedef {import('../src/ask/answer.ts').Answer} Answer
 * @typedef {Extract<Answer, { kind: 'answered' }>} Answered
 * @typedef {import('./address.js').Asked} Asked
 * @typedef {import('./address.js').View} View
 */

const tabs = [
  { name: 'verdict', title: 'Verdict', panel: 'verdict' },
  { name: 'turn', title: 'Your turn', panel: 'turn' },
  { name: 'graph', title: 'Graph', panel: 'answer' },
  { name: 'table', title: 'Table', panel: 'answer' },
  { name: 'samples', title: 'Samples', panel: 'answer' },
];

/** What the lab's own Prometheus is called among those who answer. */
const own = 'Prometheus';

/**
 * The query bar, and what is answered.
 * @param {{ windowSeconds: () => number, chooseWindow: (seconds: number) => void }} picture
 */
export const createAsk = (picture) => {
  /** @type {Asked} */
  let asked = { query: '', of: undefined, as: 'graph', at: undefined, seconds: undefined, step: undefined };
  /** what stands in the bar: it is asked when the learner says so */
  let typed = '';
  let isShown = false;
  /** who else answers, in the step that is in force @type {string[]} */
  let sources = [];

  const graph = createGraph((at) => ask({ at: Math.round(at * 1_000) / 1_000, as: 'table' }));
  const shownTabs = createTabs('tabs', tabs, (name) => {
    isShown = tabs.some((tab) => tab.name === name && tab.panel === 'answer');
    showFields();
    if (isShown) ask({ as: /** @type {View} */ (name), query: typed });
  });
  shownTabs.show('verdict');

  /** @param {Partial<Asked>} change */
  const ask = (change) => {
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

  /** @param {Answer} answer */
  const show = (answer) => {
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

  const address = () => {
    if (!isShown || asked.query.trim() === '') return undefined;
    const parameters = new URLSearchParams({
      query: asked.query,
      as: asked.as,
      seconds: String(picture.windowSeconds()),
    });
    if (asked.of !== undefined) parameters.set('of', asked.of);
    if (asked.at !== undefined && asked.as !== 'graph') parameters.set('at', asked.at.toFixed(3));
    if (asked.step !== undefined && asked.as === 'graph') parameters.set('step', String(asked.step));
    return `/api/ask?${parameters}`;
  };
  const askAgain = poll(address, 2_000, {
    onAnswer: show,
    onFailure: (reason) => show({ kind: 'failed', reason: reason[0]?.toUpperCase() + reason.slice(1) }),
    onWait: (waited) => {
      byId('summary').textContent = `Waiting for ${asked.of ?? own}: ${waited} s so far`;
      keptAgain(byId('summary'));
    },
  });

  const instant = /** @type {HTMLInputElement} */ (byId('at'));
  instant.addEventListener('change', () => ask({ at: instantOf(instant.value) }));
  const of = /** @type {HTMLSelectElement} */ (byId('of'));
  of.addEventListener('change', () => ask({ of: of.value === own ? undefined : of.value, query: typed }));
  const step = /** @type {HTMLSelectElement} */ (byId('step'));
  step.addEventListener('change', () => ask({ step: step.value === '' ? undefined : Number(step.value) }));
  byId('run').addEventListener('click', () => run());

  const run = () => ask({ query: typed, as: asked.as });
  const editor = queryField({
    field: /** @type {HTMLTextAreaElement} */ (byId('query')),
    parent: byId('editor'),
    label: 'PromQL query',
    onChange: (text) => {
      typed = text;
    },
    onRun: () => run(),
  });

  /** @param {Partial<Asked> & { query: string, of: string | undefined }} change */
  const open = (change) => {
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
    /** Asks what the address holds. */
    followAddress,
    /** Who else answers from now on. @param {string[]} names */
    setSources: (names) => {
      sources = names;
      showFields();
    },
    /** @param {number} from @param {number} to */
    align: (from, to) => graph.align(from, to),
    /** The picture shows another stretch of time. */
    again: () => {
      if (isShown) ask({});
    },
  };
};

/** The last time of day that is no later than now, as unix seconds; undefined for anything else. @param {string} text */
const instantOf = (text) => {
  const [, hours, minutes, rest = '0'] = /^\s*(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d+)?))?\s*$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const now = Date.now() / 1_000;
  const at = Math.floor(now / 86_400) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
  return at > now ? at - 86_400 : at;
};

/** @param {Answer} answer @param {Asked} asked */
const summary = (answer, asked) => {
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

/** NaN, +Inf, a histogram. @param {Answered['series'][number]['samples'][number]} sample */
const isUndrawable = ([, value]) => !Number.isFinite(Number(value));
const undrawable = 'some values are no finite numbers and are not drawn: the table has them';

/** @param {Answer} answer @param {string} name  who has answered @returns {(Node | string)[]} */
const valuesOf = (answer, name) => {
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
