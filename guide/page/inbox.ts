import type { Notification } from '../../lab/model/reader.ts';
import type { PageState as State } from '../src/lab.ts';
import { byId, element, keep } from './dom.ts';
import { clock, count, dateAndTime, seconds } from './words.ts';

export const showInbox = (notifications: Notification[], state: State) => {
  byId('inbox-count').textContent = notifications.length === 0 ? '' : `${notifications.length} received`;
  const newest = notifications[0];
  showRefused(state.refused);
  const content = JSON.stringify([notifications.length, newest, state.grafana]);
  keep(byId('inbox'), content, () =>
    notifications.length === 0
      ? [element('li.empty', {}, 'Nothing has arrived yet. What Prometheus fires, Alertmanager sends here.')]
      : notifications.map((notification) => row(notification, state)),
  );
};

const showRefused = (refused: State['refused']) => {
  const shown = byId('refused');
  shown.hidden = refused === undefined;
  if (refused === undefined) return;
  const { count: messages, at, reason } = refused;
  shown.textContent = `${count(messages, 'message')} could not be read, the last one at ${clock(at)} UTC: ${reason}.`;
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
      element('span.alertname', {}, alertname || 'alert without a name'),
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
    leftOut !== undefined && element('p.left-out', {}, `Left out: ${leftOut.join('; ')}.`),
    element(
      'dl',
      {},
      ...moment('started', startsAt),
      ...(endsAt === undefined ? [] : moment('ended', endsAt)),
      ...moment('arrived', receivedAt, ` · ${seconds(receivedAt - (endsAt ?? startsAt))} later`),
    ),
  );
};

const moment = (term: string, at: number, more: string = '') => [
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
