import type { Notification } from '../../lab/model/reader.ts';
import type { PageState as State } from '../src/lab.ts';
import { byId, element, keep, withCode } from './dom.ts';
import { nameOf } from './lesson.ts';
import { clock, count, dateAndTime, seconds } from './words.ts';

/** One alert of one step, the newest notification first. */
type Group = { step: string | undefined; alertname: string; notifications: Notification[] };

/** The inbox: a line while it is folded, and its notifications by step and alert. */
export const createInbox = () => {
  let [known, state]: [Notification[], State | undefined] = [[], undefined];
  /** what has arrived by then is not shown any more, unix seconds */
  let clearedAt = 0;

  const draw = () => {
    if (state === undefined) return;
    const shown = known.filter(({ receivedAt }) => receivedAt > clearedAt);
    const groups = groupsOf(shown, state);
    byId('inbox-count').textContent = summaryOf(groups);
    byId('inbox-clear').hidden = shown.length === 0;
    showRefused(state.refused);
    const now = state;
    const content = JSON.stringify([shown.length, shown[0], now.grafana, now.applied.at(-1)]);
    keep(byId('inbox'), content, () =>
      shown.length === 0
        ? [element('li.empty', {}, 'Nothing has arrived yet. What Prometheus fires, Alertmanager sends here.')]
        : groups.map((each) => group(each, now)),
    );
  };

  byId('inbox-clear').addEventListener('click', () => {
    clearedAt = known[0]?.receivedAt ?? 0;
    draw();
    byId('inbox-panel').focus();
  });

  return {
    show: (notifications: Notification[], now: State) => {
      [known, state] = [notifications, now];
      draw();
    },
    /** @param reason  why it could not be read */
    fail: (reason: string) => {
      byId('inbox-count').textContent = `not read: ${reason}`;
    },
  };
};

/** The step that had been applied last when something arrived. */
const stepAt = (at: number, { applied }: State) => applied.findLast(({ from }) => from <= at)?.step;

const groupsOf = (notifications: readonly Notification[], state: State): Group[] => {
  const groups = new Map<string, Group>();
  for (const notification of notifications) {
    const { alertname, receivedAt } = notification;
    const step = stepAt(receivedAt, state);
    const name = JSON.stringify([step, alertname]);
    const group = groups.get(name) ?? { step, alertname, notifications: [] };
    group.notifications.push(notification);
    groups.set(name, group);
  }
  return [...groups.values()];
};

/** Such as "HighCPU fired 3 times, resolved twice · newest 14:05:10 UTC", of the newest step alone. */
const summaryOf = (groups: readonly Group[]): string => {
  const newest = groups[0];
  if (newest === undefined) return 'nothing has arrived yet';
  const own = groups.filter(({ step }) => step === newest.step);
  const at = Math.max(...own.flatMap(({ notifications }) => notifications.map(({ receivedAt }) => receivedAt)));
  return `${own.map(counted).join('; ')} · newest ${clock(at)} UTC`;
};

const times = (value: number) => (value === 1 ? 'once' : value === 2 ? 'twice' : `${value} times`);

const counted = ({ alertname, notifications }: Group): string => {
  const fired = notifications.filter(({ status }) => status === 'firing').length;
  const resolved = notifications.length - fired;
  const parts = [
    ...(fired > 0 ? [`fired ${times(fired)}`] : []),
    ...(resolved > 0 ? [`resolved ${times(resolved)}`] : []),
  ];
  return `${alertname || 'an alert without a name'} ${parts.join(', ')}`;
};

const showRefused = (refused: State['refused']) => {
  const shown = byId('refused');
  shown.hidden = refused === undefined;
  if (refused === undefined) return;
  const { count: bodies, at, reason } = refused;
  shown.textContent = `${count(bodies, 'notification')} could not be read, the last one at ${clock(at)} UTC: ${reason}.`;
};

const group = (of: Group, state: State) => {
  const step = state.steps.find(({ command }) => command === of.step);
  return element(
    'li.group',
    {},
    element('h3', {}, counted(of), step !== undefined && element('span.quiet', {}, ` · ${nameOf(step)}`)),
    element('ol', {}, ...of.notifications.map((notification) => row(notification, state))),
  );
};

const row = (
  { alertname, status, labels, annotations, startsAt, endsAt, receivedAt, leftOut }: Notification,
  state: State,
) => {
  const { summary, description, ...others } = annotations;
  return element(
    'li',
    { 'data-alertname': alertname, 'data-status': status },
    element(
      'div.heading',
      {},
      element('span.alertname', {}, ...breakable(alertname || 'alert without a name')),
      element(`span.pill.${status}`, {}, status === 'firing' ? '▲ FIRING' : '✓ RESOLVED'),
    ),
    ...[summary, description].flatMap((text) => (text ? [element('p', {}, text)] : [])),
    ...Object.entries(others)
      .filter(([name]) => name !== 'dashboard' || state.grafana !== undefined)
      .map(([name, text]) => element('p', {}, `${name}: `, linked(text, state))),
    element(
      'div.labels',
      {},
      ...Object.entries(labels)
        .filter(([name]) => name !== 'alertname')
        .map(([name, value]) => element('code', {}, `${name}=${value}`)),
    ),
    leftOut !== undefined && element('p.left-out', {}, ...withCode(`Left out: ${leftOut.join('; ')}.`)),
    element(
      'dl',
      {},
      ...moment('started', startsAt),
      ...(endsAt === undefined ? [] : moment('ended', endsAt)),
      ...moment('arrived', receivedAt, ` · ${seconds(receivedAt - (endsAt ?? startsAt))} later`),
    ),
  );
};

/** A name breaks between its words alone: before a capital, after an underscore. */
const breakable = (name: string): (Node | string)[] =>
  name.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=_)/).flatMap((part, index) => (index === 0 ? [part] : [element('wbr'), part]));

const moment = (term: string, at: number, more = '') => [
  element('dt', {}, term),
  element(
    'dd',
    {},
    element('time', { title: dateAndTime(at), datetime: new Date(at * 1000).toISOString() }, clock(at)),
    more,
  ),
];

/** A link only where it leads to the lab's own pages; all else is text, whoever wrote it. */
const linked = (text: string, { origins, grafana }: State) => {
  const isPath = /^\/d\/[\w-]+$/.test(text);
  const address = isPath && grafana ? grafana + text : text;
  const isOwn = /^https?:\/\//.test(address) && URL.canParse(address) && origins.includes(new URL(address).origin);
  return isOwn ? element('a', { href: address, target: '_blank', rel: 'noreferrer' }, text) : text;
};
