import type { Alerts, EvaluatedRule, SeenAlert, Targets, Unread } from '../src/health.ts';
import { byId, element, keep } from './dom.ts';
import { poll } from './poll.ts';
import type { Question, Source } from './source.ts';
import { named, scrolling } from './table.ts';
import { clock, count, seconds } from './words.ts';

export type HealthView = 'targets' | 'rules' | 'alerts';

/** What the lab's own Prometheus is called among those who answer. */
const own = 'Prometheus';

type Shown = { view: HealthView; content: unknown; draw: () => (Node | string)[] };

/** Targets, rules and alerts as Prometheus and Alertmanager have them now. */
export const createHealth = (source: Source, onQuery: (query: string) => void) => {
  const place = byId('health-content');
  const choice = byId('health-of') as HTMLSelectElement;
  const of = () => (choice.value === own ? undefined : choice.value);
  let view: HealthView | undefined;

  const question = (): Question<Shown> | undefined => {
    if (view === 'targets') return shownAs(view, source.targets(of()), targets);
    if (view === 'rules') return shownAs(view, source.rules(of()), (reply) => rules(reply, onQuery));
    if (view === 'alerts') return shownAs(view, source.alerts, alerts);
    return undefined;
  };
  const ask = poll(question, 2_000, {
    onAnswer: (shown) => keep(place, JSON.stringify([shown.view, shown.content]), shown.draw),
    onFailure: (reason) => keep(place, reason, () => [unread(view, reason)]),
    onWait: (waited) => {
      const words = `Waiting for the ${view}${of() === undefined || view === 'alerts' ? '' : ` of ${of()}`}: ${waited} s so far.`;
      if (place.dataset.view !== view) keep(place, words, () => [words]);
    },
  });

  const showChoice = () => {
    byId('health-of-label').hidden = choice.options.length <= 1 || view === 'alerts';
  };
  /** What is shown is of something else than what is asked for now: it goes at once, however long the answer takes. */
  const clear = () => {
    delete place.dataset.view;
    keep(place, '', () => []);
  };
  choice.addEventListener('change', () => {
    clear();
    ask();
  });

  return {
    /** @param chosen  undefined where another tab was chosen */
    choose: (chosen: HealthView | undefined) => {
      if (chosen !== undefined && chosen !== place.dataset.view) clear();
      view = chosen;
      showChoice();
      ask();
    },
    /** Which other Prometheus the step has, by name. */
    setSources: (names: readonly string[]) => {
      keep(choice, JSON.stringify(names), () =>
        [own, ...names].map((name) => element('option', { value: name }, name)),
      );
      showChoice();
    },
  };
};

const shownAs = <Reply>(
  view: HealthView,
  { name, ask }: Question<Reply>,
  draw: (reply: Reply) => (Node | string)[],
): Question<Shown> => ({
  name,
  ask: async (signal) => {
    const reply = await ask(signal);
    byId('health-content').dataset.view = view;
    return { view, content: reply, draw: () => draw(reply) };
  },
});

const unread = (view: HealthView | undefined, reason: string) =>
  element('p.refusal', { role: 'alert' }, `The ${view} cannot be read: ${reason}.`);

const targets = (reply: Targets | Unread): (Node | string)[] => {
  if ('failed' in reply) return [unread('targets', reply.failed)];
  const { targets: all, dropped } = reply;
  const up = all.filter(({ health }) => health === 'up').length;
  return [
    element(
      'p.quiet',
      {},
      `${up} of ${count(all.length, 'target')} up${dropped.length > 0 ? `, ${dropped.length} dropped by relabelling` : ''}`,
    ),
    table(
      ['Target', 'State', 'Last scrape, UTC', 'Took', 'Every'],
      all.map(({ job, instance, url, labels, health, lastError, scrapedAt, tookSeconds, interval }) => [
        element(
          'div',
          {},
          element('strong', {}, job),
          ` ${instance} `,
          element('code.url', {}, url),
          labelled(labels, ['job', 'instance']),
          lastError !== '' && element('p.why', {}, lastError),
        ),
        state(health, health === 'up' ? 'good' : health === 'down' ? 'bad' : 'quiet'),
        scrapedAt === undefined ? 'not yet' : clock(scrapedAt),
        seconds(tookSeconds, 3),
        interval,
      ]),
    ),
    ...(dropped.length === 0
      ? []
      : [
          element(
            'details',
            {},
            element('summary', {}, `Dropped by relabelling: ${dropped.length}`),
            element(
              'ul',
              {},
              ...dropped.map((labels) =>
                element('li', {}, element('code', {}, `${labels.job ?? ''} ${labels.__address__ ?? ''}`)),
              ),
            ),
          ),
        ]),
  ];
};

const rules = (reply: { rules: EvaluatedRule[] } | Unread, onQuery: (query: string) => void): (Node | string)[] => {
  if ('failed' in reply) return [unread('rules', reply.failed)];
  return [
    element('p.quiet', {}, `${count(reply.rules.length, 'rule')}, what fires first`),
    table(
      ['Rule', 'State', 'Last evaluation, UTC', 'Took', 'Every'],
      reply.rules
        .toSorted((one, other) => urgency(other) - urgency(one))
        .map((rule) => [
          element(
            'div',
            {},
            element('strong', {}, rule.name),
            element('span.quiet', {}, ` ${rule.group}${timesOf(rule)}`),
            element(
              'p',
              {},
              element(
                'button.query',
                { type: 'button', title: 'Run it here', click: () => onQuery(rule.query) },
                element('code', {}, rule.query),
              ),
            ),
            rule.lastError !== '' && element('p.why', {}, rule.lastError),
          ),
          rule.health === 'err'
            ? state('failed', 'bad')
            : state(
                rule.state ?? rule.health,
                rule.state === 'firing' ? 'bad' : rule.state === 'pending' ? 'warn' : 'good',
              ),
          rule.evaluatedAt === undefined ? 'not yet' : clock(rule.evaluatedAt),
          seconds(rule.tookSeconds, 4),
          seconds(rule.intervalSeconds),
        ]),
    ),
  ];
};

const urgency = ({ state: of, health }: EvaluatedRule) =>
  health === 'err' ? 3 : of === 'firing' ? 2 : of === 'pending' ? 1 : 0;

const timesOf = ({ type, forSeconds = 0, keepFiringSeconds = 0 }: EvaluatedRule) =>
  type !== 'alerting'
    ? ' · recorded'
    : ` · for ${seconds(forSeconds)}${keepFiringSeconds > 0 ? `, keeps firing ${seconds(keepFiringSeconds)}` : ''}`;

const alerts = ({ alerts: all, silences, missing }: Alerts): (Node | string)[] => [
  ...missing.map((reason) => unread('alerts', reason)),
  all.length === 0
    ? element('p.quiet', {}, 'No alert is pending or firing.')
    : table(
        ['Alert', 'Prometheus', 'Active since, UTC', 'Value', 'Alertmanager'],
        all.map((alert) => [
          element(
            'div',
            {},
            element('strong', {}, alert.labels.alertname ?? 'without a name'),
            labelled(alert.labels, ['alertname']),
          ),
          alert.state === undefined ? 'not its own' : state(alert.state, alert.state === 'firing' ? 'bad' : 'warn'),
          alert.activeAt === undefined ? '' : clock(alert.activeAt),
          alert.value === undefined ? '' : String(Number(Number(alert.value).toPrecision(6))),
          notified(alert),
        ]),
      ),
  ...(silences.length === 0
    ? []
    : [
        element('h3', {}, 'Silences'),
        table(
          ['Matchers', 'Comment', 'By', 'From, UTC', 'To, UTC'],
          silences.map(({ matchers, comment, createdBy, startsAt, endsAt }) => [
            matchers,
            comment,
            createdBy,
            clock(startsAt),
            clock(endsAt),
          ]),
        ),
      ]),
];

/** What Alertmanager does with an alert. */
const notified = ({ notified: there }: SeenAlert): string => {
  if (there === undefined) return 'has not got it';
  if (there.silencedBy.length > 0) return `silenced (${there.silencedBy.join(', ')})`;
  if (there.inhibitedBy.length > 0) return 'inhibited by another alert';
  return `${there.state}, started ${clock(there.startsAt)}`;
};

const state = (text: string, tone: 'good' | 'bad' | 'warn' | 'quiet') => element(`span.state-of.${tone}`, {}, text);

const labelled = (labels: Record<string, string>, without: readonly string[]) =>
  element(
    'span.labels',
    {},
    ...Object.entries(labels)
      .filter(([name]) => !without.includes(name))
      .map(([name, value]) => element('code', {}, `${name}=${value}`)),
  );

const table = (head: string[], rows: (Node | string)[][]) =>
  scrolling(
    named(head),
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
      element('tbody', {}, ...rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, cell))))),
    ),
  );
