import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { tabPath } from '../../guide/src/tab.ts';
import { servePage } from '../../guide/test/served-page.ts';
import { goalMilliseconds, measureOnCall } from '../../test/bench/backtest.ts';
import { figure } from '../../test/bench/figures.ts';
import type { Line } from '../../test/bench/lab.ts';
import { launchChromium, noChromium } from '../../test/support/chromium.ts';
import { lookOf, watched } from '../../test/support/first-look.ts';
import { serve } from '../../test/support/serve.ts';
import { until } from '../../test/support/until.ts';
import { SampleBytes } from '../page/engine.ts';
import { makeSite } from '../site.ts';
import { compiled, engine, noEngine } from './engine.ts';

/** Why it cannot be measured here; false where it can. */
export const lacking = noEngine || noChromium;

/** What is closed at the end, as of a test. */
type Closing = { after: (close: () => unknown) => void };

/** One way there and back, as over a home line. */
const latencyMilliseconds = 20;
const patienceMilliseconds = 60_000;

/** Whoever hands the files out: the guide, or a file server that packs text alone, by gzip, as GitHub Pages does. */
type Server = { name: string; url: string };

const types: Record<string, string> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
};

const servers = async (t: Closing): Promise<Server[]> => {
  const negotiated = await makeSite(compiled!, 'guide');
  const site = new Map([...negotiated].map(([name, content]) => [name, Buffer.from(content)]));
  const guide = await servePage(t as TestContext, { site: async () => site });

  const files = new Map([...(await makeSite(compiled!, 'files'))].map(([name, content]) => [`/${name}`, content]));
  const packed = new Map([...files].map(([path, content]) => [path, gzipSync(content)]));
  const address = await serve(t, ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://site');
    const path = pathname === '/' ? '/index.html' : pathname;
    const type = types[path.split('.').at(-1)!];
    if (type !== undefined) response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Content-Type', type ?? 'application/octet-stream');
    response.end(type === undefined ? files.get(path) : packed.get(path));
  });
  return [
    { name: 'the guide', url: `${guide}${tabPath}` },
    { name: 'a file server', url: `http://${address}/` },
  ];
};

/** What a page took to open, milliseconds; and bytes over the wire by what they were for. */
type Opening = {
  page: Page;
  cdp: CDPSession;
  firstContent: number;
  picture: number;
  engine: number;
  bytes: { page: number; later: number; editor: number; engine: number };
};

const kindOf = (url: string): keyof Opening['bytes'] | undefined => {
  if (/\/promql-/.test(url)) return 'engine';
  if (/\/editor-/.test(url)) return 'editor';
  if (/\/later-/.test(url)) return 'later';
  // What keeps the page for later comes after all of it.
  return /service-worker/.test(url) ? undefined : 'page';
};

/** @returns bytes over the wire, which grow as the page loads */
const bytesOver = (cdp: CDPSession): Opening['bytes'] => {
  const kinds = new Map<string, keyof Opening['bytes'] | undefined>();
  const bytes = { page: 0, later: 0, editor: 0, engine: 0 };
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => void kinds.set(requestId, kindOf(request.url)));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId);
    if (kind !== undefined) bytes[kind] += encodedDataLength;
  });
  return bytes;
};

/** @param megabits  a second; the machine's own speed where it is not given */
const open = async (browser: Browser, url: string, megabits?: number): Promise<Opening> => {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  if (megabits !== undefined) {
    const bytesPerSecond = (megabits * 1e6) / 8;
    const speed = { downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: latencyMilliseconds, ...speed });
  }
  const bytes = bytesOver(cdp);
  await watched(page);
  return { page, cdp, bytes, ...(await loaded(page, () => page.goto(url))) };
};

/** Until picture and engine are there. */
const loaded = async (page: Page, load: () => Promise<unknown>) => {
  page.setDefaultTimeout(patienceMilliseconds);
  await load();
  await page.locator('#chart[data-samples] canvas').waitFor();
  const engineAt = () => page.evaluate(() => performance.getEntriesByName('engine')[0]?.startTime);
  return {
    engine: await until('the engine', patienceMilliseconds / 1_000, engineAt),
    firstContent: await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    ),
    picture: (await lookOf(page)).milliseconds ?? Number.NaN,
  };
};

/** Lessons in which a knob is turned: the base lab, the most instances, and the most rules that a picture asks for. */
const turnedIn = { up: '', 'exp-21': ', with eight instances', 'exp-14': ', whose picture follows alerts' };
const hourSeconds = 3_600;

/** A page that has been opened an hour into a lesson, its time standing still. */
const openHour = async (browser: Browser, url: string, lesson: string): Promise<Page> => {
  const from = Math.floor(Date.now() / 1_000);
  const { page } = await open(browser, `${url}?lesson=${lesson}&from=${from}&at=${from + hourSeconds}`);
  await page.locator('#verdict[data-kind="measured"]').waitFor();
  return page;
};

/** Turns the scrape interval, an hour into a lesson, and waits until lesson and picture are of the new one. */
const turnKnob = (page: Page, seconds: number): Promise<number> =>
  page.evaluate(async (chosen) => {
    const labels = [...document.querySelectorAll('#controls label')];
    const label = labels.find(({ textContent }) => textContent?.startsWith('scrape every'));
    const select = label!.querySelector('select')!;
    const active = document.getElementById('active')!;
    return new Promise<number>((resolve) => {
      const begun = performance.now();
      const observer = new MutationObserver(() => {
        if (!active.textContent?.includes(`scrape every ${chosen} s`)) return;
        observer.disconnect();
        resolve(performance.now() - begun);
      });
      observer.observe(document.getElementById('main')!, { subtree: true, attributeFilter: ['data-samples'] });
      select.value = String(chosen);
      select.dispatchEvent(new Event('change'));
    });
  }, seconds);

/** Memory of everything that the browser needs for its page, in MB; shared pages are counted by their share. */
const memoryOf = async (browser: Browser): Promise<number> => {
  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const kilobytes = renderers.map(({ id }) => {
    const pages = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(pages)?.[1]);
  });
  return Math.max(...kilobytes) / 1_024;
};

/** An hour of twelve instances, every 5 s, and a hundred questions of three kinds to it. */
const hundredQueries = async (): Promise<number> => {
  const [begin, step, count, instances] = [1_800_000_000, 5, 720, 12];
  const made = (await engine())();
  const names = ['cpu_usage_simulated', 'requests_total'];
  const labels = names.flatMap((__name__) =>
    Array.from({ length: instances }, (_, index) => ({ __name__, instance: `exporter:${8_000 + index}` })),
  );
  made.series(labels);
  const samples = new SampleBytes(labels.length * count);
  for (let series = 0; series < labels.length; series += 1)
    for (let index = 0; index < count; index += 1) {
      const at = begin + step * index;
      samples.add(series, at, index * (1 + (series % 7)), at);
    }
  made.add(samples.bytes);
  const end = begin + step * count;
  const queries = [
    'sum(rate(requests_total[1m]))',
    'avg_over_time(cpu_usage_simulated[30s])',
    'topk(3, requests_total)',
  ];
  const begun = performance.now();
  for (let index = 0; index < 100; index += 1) {
    const range = { query: queries[index % queries.length]!, start: `${begin}`, end: `${end}`, step: `${step}` };
    const { status } = made.get('query_range', new URLSearchParams(range), end);
    if (status !== 'success') throw new Error(`${range.query} was refused`);
  }
  return performance.now() - begun;
};

/** What the page On call takes, of its own files and of time. @param url  of the site */
const onCallLines = async (browser: Browser, url: string, progress: (line: string) => void): Promise<Line[]> => {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  const bytes = bytesOver(cdp);
  await page.goto(`${url}on-call.html`);
  await page.locator('#front svg').waitFor({ timeout: patienceMilliseconds });
  const kilobytes = bytes.page / 1_000;
  const { firstMilliseconds, taken } = await measureOnCall(page, `${url}on-call.html`, 1, progress);
  return [
    { what: 'over the wire: the page On call, alone', unit: 'kB', figure: figure([kilobytes]) },
    {
      what: 'On call: engine, shifts and reference rules of all scenarios',
      unit: 's',
      figure: figure([firstMilliseconds / 1_000]),
    },
    { what: 'On call: from Enter to the picture', unit: 'ms', figure: figure(taken), goal: goalMilliseconds },
  ];
};

/** What a visitor of the site waits for. */
export const benchSite = async (
  rounds: number,
  progress: (line: string) => void,
): Promise<{ title: string; lines: Line[] }[]> => {
  const closing: (() => unknown)[] = [];
  const found = await servers({ after: (close) => void closing.push(close) });
  const browser = await launchChromium();
  const several = async (measure: () => Promise<number>): Promise<number[]> => {
    const measured: number[] = [];
    for (let round = 0; round < rounds; round += 1) measured.push(await measure());
    return measured;
  };
  try {
    const tables = [];
    for (const { name, url } of found) {
      const lines: Line[] = [];
      for (const [megabits, engineGoal] of [
        [10, 5.5],
        [50, 1.6],
      ] as const) {
        progress(`site: from ${name} at ${megabits} Mbit/s`);
        const openings: Omit<Opening, 'page' | 'cdp'>[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const { page, cdp: _, ...opening } = await open(browser, url, megabits);
          openings.push(opening);
          await page.close();
        }
        const all = (of: (opening: (typeof openings)[number]) => number) => figure(openings.map(of));
        const at = `at ${megabits} Mbit/s`;
        lines.push(
          { what: `first content ${at}`, unit: 's', figure: all((it) => it.firstContent / 1_000), goal: 1 },
          { what: `the picture of the truth ${at}`, unit: 's', figure: all((it) => it.picture / 1_000), goal: 1 },
          { what: `the engine is ready ${at}`, unit: 's', figure: all((it) => it.engine / 1_000), goal: engineGoal },
        );
        if (megabits !== 10) continue;
        lines.push(
          { what: 'over the wire: the page', unit: 'kB', figure: all((it) => it.bytes.page / 1_000), goal: 260 },
          { what: 'over the wire: what is judged, later', unit: 'kB', figure: all((it) => it.bytes.later / 1_000) },
          { what: 'over the wire: the editor, later', unit: 'kB', figure: all((it) => it.bytes.editor / 1_000) },
          { what: 'over the wire: the engine', unit: 'kB', figure: all((it) => it.bytes.engine / 1_000), goal: 5_000 },
        );
      }
      tables.push({ title: `Site: served by ${name}`, lines });
    }
    progress('site: from what the browser has kept, and what it takes there');
    const { page } = await open(browser, found[0]!.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    const kept = await several(async () => (await loaded(page, () => page.reload())).engine);
    await page.close();
    const knobs = [10, 5, 15, 5, 30, 5];
    const turns: Line[] = [];
    let memory = Number.NaN;
    for (const [lesson, words] of Object.entries(turnedIn)) {
      progress(`site: a knob in ${lesson}`);
      const opened = await openHour(browser, found[0]!.url, lesson);
      const turned: number[] = [];
      for (const seconds of knobs) turned.push(await turnKnob(opened, seconds));
      const what = `a knob is turned, an hour into a lesson${words}`;
      turns.push({ what, unit: 'ms', figure: figure(turned), goal: 100 });
      if (lesson === 'up') memory = await memoryOf(browser);
      await opened.close();
    }
    const lines: Line[] = [
      {
        what: 'the engine is ready, from what is kept',
        unit: 's',
        figure: figure(kept.map((ms) => ms / 1_000)),
        goal: 0.7,
      },
      ...turns,
      { what: 'memory of the tab then (PSS)', unit: 'MB', figure: figure([memory]) },
      { what: '100 queries of 720 points, in Node', unit: 'ms', figure: figure(await several(hundredQueries)) },
    ];
    return [
      ...tables,
      { title: 'Site: once it is there', lines: [...lines, ...(await onCallLines(browser, found[0]!.url, progress))] },
    ];
  } finally {
    await browser.close();
    for (const close of closing) await close();
  }
};
