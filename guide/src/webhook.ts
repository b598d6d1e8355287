import { createHash } from 'node:crypto';
import { count } from '../../lab/model/format.ts';
import type { Notification } from '../../lab/model/reader.ts';
import { quoted } from '../../lab/settings/quoted.ts';
import { RequestError } from './errors.ts';

/** What of a message is kept; the rest is cut, and the notification says so. */
const limits = { alerts: 500, entries: 100, nameLength: 256, textLength: 8_192 };

/**
 * Reads the body of Alertmanager's webhook, version 4. Fields that it does not know are left alone.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 * @param receivedAt  unix seconds
 * @returns one notification per alert in it; what is over a limit is named in `leftOut`
 * @throws RequestError that names the first field that is wrong
 */
export const parseWebhook = (body: unknown, receivedAt: number): Notification[] => {
  const message = object(body, 'the body');
  if (message.version !== '4') fail('version', 'be "4"', message.version);
  status(message.status, 'status');
  text(message.receiver, 'receiver');
  const group = shortened(text(message.groupKey, 'groupKey'));
  for (const name of ['groupLabels', 'commonLabels', 'commonAnnotations']) texts(message[name], name);
  const { alerts } = message;
  if (!Array.isArray(alerts)) fail('alerts', 'be a list', alerts);
  if (alerts.length === 0) fail('alerts', 'hold at least one alert', alerts);
  const kept = alerts.slice(0, limits.alerts).map((alert: unknown, index) => ({
    ...notification(alert, `alerts[${index}]`, receivedAt),
    group,
  }));
  const others = alerts.length - kept.length + truncated(message.truncatedAlerts);
  if (others > 0) mark(kept.at(-1)!, [`${others} more of the same message`]);
  return kept;
};

/** A name of the group that is as short for a group of many long labels. */
const shortened = (groupKey: string): string => createHash('sha256').update(groupKey).digest('hex').slice(0, 16);

/** How many alerts Alertmanager itself left out, by its setting max_alerts. */
const truncated = (value: unknown): number => {
  if (value === undefined) return 0;
  return Number.isSafeInteger(value) && Number(value) >= 0
    ? Number(value)
    : fail('truncatedAlerts', 'be a count', value);
};

const notification = (alert: unknown, path: string, receivedAt: number): Notification => {
  const fields = object(alert, path);
  const state = status(fields.status, `${path}.status`);
  const labels = texts(fields.labels, `${path}.labels`);
  const annotations = texts(fields.annotations, `${path}.annotations`);
  const startsAt = time(fields.startsAt, `${path}.startsAt`);
  const endsAt = time(fields.endsAt, `${path}.endsAt`);
  if (startsAt === undefined) fail(`${path}.startsAt`, 'be a time after 1970', fields.startsAt);
  if (state === 'resolved' && endsAt === undefined) {
    fail(`${path}.endsAt`, 'be the time at which the alert was resolved', fields.endsAt);
  }
  const read: Notification = {
    // An alert that Prometheus did not send may have none.
    alertname: Object.hasOwn(labels.kept, 'alertname') ? labels.kept.alertname! : '',
    status: state,
    labels: labels.kept,
    annotations: annotations.kept,
    startsAt,
    // Alertmanager also says when a firing alert would time out; that is no end.
    endsAt: state === 'resolved' ? endsAt : undefined,
    receivedAt,
  };
  return mark(read, [...labels.leftOut, ...annotations.leftOut]);
};

/** Adds what was left out of a notification, and to one that is whole nothing. */
const mark = (notification: Notification, leftOut: readonly string[]): Notification =>
  leftOut.length === 0
    ? notification
    : Object.assign(notification, { leftOut: [...(notification.leftOut ?? []), ...leftOut] });

const object = (value: unknown, path: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'be an object', value);
  return value as Record<string, unknown>;
};

const status = (value: unknown, path: string): Notification['status'] =>
  value === 'firing' || value === 'resolved' ? value : fail(path, 'be "firing" or "resolved"', value);

const text = (value: unknown, path: string): string =>
  typeof value === 'string' && value !== '' ? value : fail(path, 'be a text that is not empty', value);

/** @returns names and texts, cut where they are over a limit, and what was left out in words */
const texts = (value: unknown, path: string): { kept: Record<string, string>; leftOut: string[] } => {
  const entries = Object.entries(object(value, path));
  const leftOut: string[] = [];
  const cut = (part: string, length: number, what: string) => {
    if (part.length <= length) return part;
    leftOut.push(`${count(part.length - length, 'character')} of ${what}`);
    return `${part.slice(0, length)}…`;
  };
  const kept = entries.slice(0, limits.entries).map(([name, content]) => {
    if (typeof content !== 'string')
      fail(/^\w{1,60}$/.test(name) ? `${path}.${name}` : `${path}[${quoted(name)}]`, 'be a text', content);
    const shortName = cut(name, limits.nameLength, 'a name');
    return [shortName, cut(content, limits.textLength, shortName)];
  });
  if (entries.length > kept.length)
    leftOut.push(`${entries.length - kept.length} of ${entries.length} ${path.replace(/^.*\./, '')}`);
  return { kept: Object.fromEntries(kept), leftOut };
};

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** @returns unix seconds; undefined for Go's zero time, which stands for "none" */
const time = (value: unknown, path: string): number | undefined => {
  const milliseconds = typeof value === 'string' && rfc3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) fail(path, 'be a time such as 2026-11-23T20:40:00Z', value);
  return milliseconds > 0 ? milliseconds / 1000 : undefined;
};

function fail(path: string, rule: string, value: unknown): never {
  throw new RequestError(`${path} must ${rule}, got ${quoted(value)}`);
}
