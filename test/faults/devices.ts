import type { Sample } from '../../lab/promql/sample.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import { until } from '../support/until.ts';
import { experimentNamed } from './backend-kills.ts';

/** The devices that push to Prometheus by OTLP, what is stored of them, and how anybody else pushes. */

const pushed = experimentNamed('pushed');
export const path = '/api/v1/otlp/v1/metrics';

/** Sends a body. @returns its status, 0 where the connection ended without one, and its words */
export const post = async (
  { places }: Lab,
  body: string | Uint8Array,
  type = 'application/json',
  milliseconds = 60_000,
) => {
  const headers = { 'content-type': type };
  return fetchDirect(`${places.prometheus}${path}`, milliseconds, { method: 'POST', headers, body }).then(
    async (response) => ({ status: response.status, words: await response.text() }),
    (error: Error) => ({ status: 0, words: error.message }),
  );
};

/** One point of a gauge, as JSON. @param at  unix seconds */
export const pointOf = (name: string, source: string, asDouble: number, at: number): string =>
  JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: source } }] },
        scopeMetrics: [
          {
            metrics: [{ name, gauge: { dataPoints: [{ timeUnixNano: `${Math.floor(at * 1_000)}000000`, asDouble }] } }],
          },
        ],
      },
    ],
  });

/** Applies the step anew, and waits. @param seconds  after the first points @returns when those were sent, unix seconds */
export const devicesBegin = async (lab: Lab, seconds: number): Promise<number> => {
  await make('up');
  await make(pushed.command);
  const { first } = (await lab.read.truth(lab.now(), lab.now())).devices!;
  await until('what the devices push', 60, () => lab.now() > first + seconds);
  return first;
};

/** Every request of the devices until an instant, and which of them are stored whole. */
export const requestsUntil = async (lab: Lab, first: number, at: number) => {
  const { requests } = (await lab.read.truth(first, at)).devices!;
  const selector = '{__name__=~"device_(orders|visits)_total",job="devices"}';
  const series = await lab.read.samples(selector, at - first + 2, at);
  const stored = new Map(series.map(({ labels, samples }) => [labels.instance, new Map(samples)]));
  const sent = requests.filter((request) => request.at <= at);
  const isStored = ({ device, points }: (typeof sent)[0]) =>
    points.every(([when, value]) => stored.get(device)?.get(when) === value);
  return { sent, lost: sent.filter((request) => !isStored(request)) };
};

export const samplesOf = async (lab: Lab, from: number, to: number): Promise<Record<string, Sample[]>> => {
  const series = await lab.read.samples('device_orders_total{job="devices"}', to - from, to);
  return Object.fromEntries(series.map(({ labels, samples }) => [labels.instance!, samples]));
};
