import type { Notification } from '../../experiments/types.ts';
import { RequestError, shown } from './errors.ts';

const limits = { alerts: 500, entries: 100, nameLength: 256, textLength: 8_192 };

/**
 * Reads the body of Alertmanager's webhook, version 4. Fields that it does not know are left alone.
 * Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 * @param receivedAt  unix seconds
 * @returns one notification per alert in it
 * @throws RequestError that names the first field that is wrong
 */
export const parseWebhook = (body: unknown, receivedAt: number): Notification[] => {
  const message = object(body, 'the body');
  if (message.version !== '4') fail('version', 'be "4"', message.version);
  status(message.status, 'status');
  for (const name of ['receiver', 'groupKey']) text(message[name], name);
  for (const name of ['groupLabels', 'commonLabels', 'commonAnnotations']) texts(message[name], name);
  const { alerts } = message;
  if (!Array.isArray(alerts)) fail('alerts', 'be a list', alerts);
  if (alerts.length === 0) fail('alerts', 'hold at least one alert', alerts);
  if (alerts.length > limits.alerts) fail('alerts', `hold ${limits.alerts} alerts at most`, alerts.length);
  return alerts.map((alert: unknown, index) => notification(alert, `alerts[${index}]`, receivedAt));
};

const notification = (alert: unknown, path: string, receivedAt: number): Notification => {
  const fields = object(alert, path);
  const state = status(fields.status, `${path}.status`);
  const labels = texts(fields.labels, `${path}.labels`);
  const alertname = Object.hasOwn(labels, 'alertname') ? labels.alertname : undefined;
  if (!alertname) fail(`${path}.labels.alertname`, 'be a text that is not empty', alertname);
  const startsAt = time(fields.startsAt, `${path}.startsAt`);
  const endsAt = time(fields.endsAt, `${path}.endsAt`);
  if (startsAt === undefined) fail(`${path}.startsAt`, 'be a time after 1970', fields.startsAt);
  if (state === 'resolved' && endsAt === undefined) {
    fail(`${path}.endsAt`, 'be the time at which the alert was resolved', fields.endsAt);
  }
  return {
    alertname,
    status: state,
    labels,
    annotations: texts(fields.annotations, `${path}.annotations`),
    startsAt,
    // Alertmanager also tells when a firing alert would time out; that is no end.
    endsAt: state === 'resolved' ? endsAt : undefined,
    receivedAt,
  };
};

const object = (value: unknown, path: string): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(path, 'be an object', value);
  return value as Record<string, unknown>;
};

const status = (value: unknown, path: string): Notification['status'] =>
  value === 'firing' || value === 'resolved' ? value : fail(path, 'be "firing" or "resolved"', value);

const text = (value: unknown, path: string): string =>
  typeof value === 'string' && value !== '' ? value : fail(path, 'be a text that is not empty', value);

const texts = (value: unknown, path: string): Record<string, string> => {
  const entries = Object.entries(object(value, path));
  if (entries.length > limits.entries) fail(path, `hold ${limits.entries} entries at most`, entries.length);
  for (const [name, content] of entries) {
    if (name === '' || name.length > limits.nameLength)
      fail(path, `have names of 1 to ${limits.nameLength} signs`, name);
    const entry = /^\w+$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
    if (typeof content !== 'string') fail(entry, 'be a text', content);
    if (content.length > limits.textLength) {
      fail(entry, `hold ${limits.textLength} signs at most`, content.length);
    }
  }
  return Object.fromEntries(entries) as Record<string, string>;
};

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** @returns unix seconds; undefined for Go's zero time, which stands for "none" */
const time = (value: unknown, path: string): number | undefined => {
  const milliseconds = typeof value === 'string' && rfc3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) fail(path, 'be a time such as 2026-11-23T20:40:00Z', value);
  return milliseconds > 0 ? milliseconds / 1000 : undefined;
};

function fail(path: string, rule: string, value: unknown): never {
  throw new RequestError(`${path} must ${rule}, got ${shown(value)}`);
}
