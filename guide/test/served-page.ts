import assert from 'node:assert/strict';
import { after, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { placesFrom } from '../../lab/running/places.ts';
import { launchChromium, openPage, type WatchedPage } from '../../test/support/chromium.ts';
import { type AppliedStore, createAppliedStore } from '../src/applied.ts';
import type { Ask } from '../src/ask/prometheus.ts';
import { createExercises } from '../src/exercises.ts';
import { createHealth, type Health } from '../src/health.ts';
import { createInbox, type Inbox } from '../src/inbox.ts';
import { createIncident, createIncidentStore } from '../src/incident.ts';
import { createLab, type LabAccess } from '../src/lab.ts';
import { listen } from '../src/listen.ts';
import { createOnCall, type OnCallPage } from '../src/on-call.ts';
import { createSearch } from '../src/search.ts';
import { createApp } from '../src/server.ts';
import type { Site } from '../src/site.ts';
import { createSolvedStore } from '../src/solved.ts';

/** What a page is served from, without a lab: each part may be another one. */
type Parts = {
  lab: Partial<LabAccess>;
  ask: Partial<Ask>;
  inbox: Inbox;
  health: Health;
  applied: AppliedStore;
  site: () => Promise<Site | undefined>;
  onCall: OnCallPage;
};

const clock = () => Date.now() / 1_000;

/** The base lab, as it answers when it has run for a quarter of an hour. */
export const baseLab = (): Lab => ({
  now: clock(),
  scrapeSeconds: 5,
  evaluationSeconds: 5,
  prometheusStartedAt: clock() - 900,
  exporter: { signal: 'random', seed: 1, startedAt: clock() - 900, cores: 2 },
  target: { health: 'up', lastError: '', scrapeUrl: 'http://exporter:8000/metrics' },
});

/** A signal that is 100 in even seconds, and what a scrape every 5 s takes of it. */
const percent = (second: number) => (second % 2 === 0 ? 100 : 0);
const truth = (from: number, to: number): Truth => {
  const instants = Array.from({ length: Math.max(0, to - from) }, (_, index) => Math.ceil(from) + index);
  const none = instants.map(() => 0);
  return {
    signal: 'spikes',
    seed: 1,
    startedAt: clock() - 900,
    instants,
    cpuPercent: instants.map(percent),
    requestsPerSecond: none,
    cores: { core1: none, core2: none },
    totals: { requests: 0, spikes: 0, busySeconds: 0 },
  };
};
const scraped = (to: number, seconds: number) =>
  Array.from({ length: Math.floor(seconds / 5) }, (_, index) => Math.floor(to / 5) * 5 - 5 * index).reverse();

const sampled = (selector: string, at: number): number => {
  if (selector.startsWith('up')) return 1;
  if (selector.startsWith('scrape_duration')) return 0.01;
  if (selector.startsWith('process_start')) return clock() - 900;
  return /_total\b/.test(selector) ? 4 * (at - Math.floor(clock() / 1e5) * 1e5) : percent(at);
};

/** Reads what the signal above would have left behind. */
export const signalReader = {
  truth: async (from: number, to: number) => truth(from, to),
  samples: async (selector: string, seconds: number, to: number) => [
    {
      labels: {},
      samples: scraped(to, seconds).map((at): [number, number] => [at, sampled(selector, at)]),
    },
  ],
  range: async () => [],
  query: async () => [],
  ask: async () => ({ type: 'vector', series: [] }),
  alertRule: async () => undefined,
  at: () => signalReader,
  metricNames: async () => [],
  tsdb: async () => ({ series: 0, byMetric: [] }),
  notifications: async () => [],
} as unknown as Reader;

/** Serves the page until the test ends. @returns its address */
export const servePage = async (
  t: Pick<TestContext, 'after'>,
  {
    lab = {},
    ask = {},
    inbox = createInbox(),
    health = createHealth(placesFrom({})),
    applied = createAppliedStore(undefined, assert.fail),
    site = async () => undefined,
    onCall = createOnCall(placesFrom({})),
  }: Partial<Parts> = {},
) => {
  const access: LabAccess = {
    places: placesFrom({}),
    observe: async () => baseLab(),
    read: signalReader,
    askServices: async () => [],
    suppression: async () => undefined,
    hasPages: async () => false,
    clock,
    ...lab,
  };
  const store = createSolvedStore(undefined, assert.fail);
  const app = createApp(
    {
      lab: createLab(access),
      ask: {
        answer: async () => ({ kind: 'failed', reason: 'nothing is asked' }),
        // The editor asks what could follow as soon as something is typed.
        complete: async () => ({ status: 'success', data: [] }),
        ...ask,
      },
      health,
      applied,
      inbox,
      site,
      exercises: createExercises({ ...access, store }),
      search: createSearch({ ...access, store }),
      incidents: createIncident({ ...access, store: createIncidentStore(undefined, () => {}) }),
      onCall,
    },
    clock,
  );
  const { port, close } = await listen(app, '127.0.0.1', 0);
  t.after(() => close(0));
  return `http://127.0.0.1:${port}`;
};

/** Tests of one process share a browser: starting one takes longer than most of them. Each has a profile of its own. */
let browser: Promise<Browser> | undefined;
after(async () => (await browser)?.close());

/** Runs with a page in a browser, whose console has to stay silent. */
export const inBrowser = async (
  url: string,
  prove: (page: WatchedPage['page'], browser: Browser) => Promise<void>,
): Promise<void> => {
  browser ??= launchChromium();
  const running = await browser;
  try {
    const { page, complaints } = await openPage(running, url);
    await prove(page, running);
    assert.deepEqual(complaints, []);
  } finally {
    await Promise.all(running.contexts().map((context) => context.close()));
  }
};
