import { execFileSync } from 'node:child_process';
import type { Reader } from '../../lab/model/reader.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { firstLook } from '../support/first-look.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort } from '../support/ports.ts';
import { scraping, startPrometheus } from '../support/prometheus.ts';
import { short, table } from '../support/table.ts';
import { until } from '../support/until.ts';
import { type Copy, copyLab, project, type Runtime } from './copy.ts';
import { startExporter } from './exporter.ts';
import { type Figure, figure, withSpread } from './figures.ts';
import type { Peer } from './peers.ts';
import { residentMegabytes, scrapeMilliseconds } from './served.ts';

/** A figure beside what it should be: at most `goal`. */
export type Line = { what: string; unit: string; figure: Figure; goal?: number };

const exporterGoals = { megabytes: 90, milliseconds: 3 };
const goals = {
  up: { native: 3, compose: 12 },
  step: { native: 1.5, compose: 2.5 },
  'exp-5': { native: 8, compose: 8 },
  check: { usual: 540, '1s': 240 },
  test: 75,
} as const;

/** @returns seconds from the creation of the exporter's container until it was healthy */
const containerSeconds = (): number => {
  const ask = (...words: string[]) => execFileSync('docker', words, { encoding: 'utf8' }).trim();
  const labels = [`project=${project}`, 'service=exporter'];
  const id = ask('ps', '-q', ...labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`]));
  const [{ Created, State }] = JSON.parse(ask('inspect', id));
  const healthy = State.Health.Log.find(({ ExitCode }: { ExitCode: number }) => ExitCode === 0);
  return (Date.parse(healthy.End) - Date.parse(Created)) / 1_000;
};

/** From nothing, images and packages there and data not, to the first live sample; then one experiment. */
export const benchLab = async (
  repository: string,
  runtime: Runtime,
  rounds: number,
  withCheck: boolean,
  progress: (line: string) => void,
): Promise<Line[]> => {
  const lab = await copyLab(repository, runtime);
  const seconds: Record<'sample' | 'up' | 'again' | 'spikes' | 'container' | 'exp-5', number[]> = {
    sample: [],
    up: [],
    again: [],
    spikes: [],
    container: [],
    'exp-5': [],
  };
  try {
    progress(`${runtime}: make up once, so that everything is there`);
    await lab.make('up');
    for (let round = 1; round <= rounds; round += 1) {
      progress(`${runtime}, round ${round} of ${rounds}: make clean, make up, make exp-5`);
      await lab.make('clean');
      const up = lab.make('up');
      const [toSample, toEnd] = await Promise.all([firstLiveSample(lab.read), up]);
      seconds.sample.push(toSample);
      seconds.up.push(toEnd);
      seconds.again.push(await lab.make('up'));
      seconds.spikes.push(await lab.make('spikes'));
      if (runtime === 'compose') seconds.container.push(containerSeconds());
      seconds['exp-5'].push(await lab.make('exp-5'));
    }
    progress(`${runtime}: make up, and a minute's scrapes of the exporter`);
    await lab.make('up');
    const lines: Line[] = [
      { what: 'make up, to the first live sample', unit: 's', figure: figure(seconds.sample), goal: goals.up[runtime] },
      { what: 'make up, to its end', unit: 's', figure: figure(seconds.up) },
      { what: 'make up again, with nothing to do', unit: 's', figure: figure(seconds.again), goal: 1 },
      {
        what: 'make spikes, which changes one service’s environment',
        unit: 's',
        figure: figure(seconds.spikes),
        goal: goals.step[runtime],
      },
      ...(seconds.container.length > 0
        ? [
            {
              what: '  of that the container itself, until it is healthy',
              unit: 's',
              figure: figure(seconds.container),
            },
          ]
        : []),
      { what: 'make exp-5, until healthy', unit: 's', figure: figure(seconds['exp-5']), goal: goals['exp-5'][runtime] },
      ...(await exporterOf(lab)),
      ...(await pageOf(lab, rounds, progress)),
    ];
    if (withCheck) {
      progress(`${runtime}: make check, some minutes`);
      const goal = goals.check[process.env.SCRAPE_INTERVAL === '1s' ? '1s' : 'usual'];
      lines.push({ what: 'make check, every experiment', unit: 's', figure: figure([await lab.make('check')]), goal });
    }
    return lines;
  } finally {
    lab.remove();
  }
};

/**
 * History reaches up to Prometheus' own start, so a young sample alone proves nothing. `up` is in no
 * history, and a scrape's samples are stored with it.
 * @returns seconds until Prometheus answers with a sample that it scraped itself
 */
const firstLiveSample = async (read: Reader): Promise<number> => {
  const begin = performance.now();
  const scraped = 'cpu_usage_simulated and on (job) up{job="my_app"} == 1';
  await until('a live sample in Prometheus', 60, async () => (await read.query(scraped)).length > 0, 0.02);
  return (performance.now() - begin) / 1_000;
};

const exporterOf = async ({ ports }: Copy): Promise<Line[]> => [
  {
    what: 'exporter, median scrape',
    unit: 'ms',
    figure: figure([await scrapeMilliseconds(ports.exporter)]),
    goal: exporterGoals.milliseconds,
  },
  {
    what: 'exporter, resident memory',
    unit: 'MB',
    figure: figure([await residentMegabytes(ports.exporter)]),
    goal: exporterGoals.megabytes,
  },
];

/** A promise of the page, to a browser that has nothing of it yet. */
const pageOf = async ({ ports }: Copy, rounds: number, progress: (line: string) => void): Promise<Line[]> => {
  if (noChromium) {
    progress(`the page is left out: it ${noChromium}`);
    return [];
  }
  const browser = await launchChromium();
  const seconds: number[] = [];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const { page, milliseconds } = await firstLook(browser, `http://localhost:${ports.guide}`);
      seconds.push(milliseconds / 1_000);
      await page.close();
    }
  } finally {
    await browser.close();
  }
  return [{ what: 'guide, to its first picture in a browser', unit: 's', figure: figure(seconds), goal: 1 }];
};

/** The same programs with nothing around them: what no lab can go below. */
export const benchFloor = async (peer: Peer, folder: string, rounds: number): Promise<Line> => {
  const seconds: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const port = await freePort();
    const begin = performance.now();
    const exporter = await startExporter(peer, 2, port, folder);
    try {
      const running = await startPrometheus(() => scraping('5s', { my_app: `127.0.0.1:${port}` }));
      try {
        await firstLiveSample(running.read);
        seconds.push((performance.now() - begin) / 1_000);
      } finally {
        await running.stop();
      }
    } finally {
      await exporter.stop();
    }
  }
  return { what: 'floor: exporter and Prometheus by hand, to the first sample', unit: 's', figure: figure(seconds) };
};

/** All dashboards, Node's own start included. */
export const benchDashboards = (repository: string, rounds: number): Line => {
  const { folder, remove } = temporaryFolder();
  try {
    const seconds = Array.from({ length: rounds }, () => {
      const begin = performance.now();
      const command = ['--import', 'tsx', 'grafana/src/main.ts', folder];
      execFileSync(process.execPath, command, { cwd: repository, stdio: 'ignore' });
      return (performance.now() - begin) / 1_000;
    });
    return { what: 'all dashboards, with the start of the process', unit: 's', figure: figure(seconds), goal: 2 };
  } finally {
    remove();
  }
};

/** make test as a learner runs it, on this prepared machine. */
export const benchTests = (repository: string): Line => {
  const begin = performance.now();
  execFileSync('make', ['test'], { cwd: repository, stdio: 'ignore', env: { ...process.env, MAKEFLAGS: '' } });
  return { what: 'make test', unit: 's', figure: figure([(performance.now() - begin) / 1_000]), goal: goals.test };
};

export const labTable = (title: string, lines: readonly Line[]): string =>
  table(
    title,
    ['what', 'measured', '', 'goal', ''],
    lines.map(({ what, unit, figure: measured, goal }) => [
      what,
      measured.rounds.length > 1 ? withSpread(measured) : short(measured.median),
      unit,
      goal === undefined ? '' : `≤ ${goal} ${unit}`,
      goal === undefined ? '' : measured.median <= goal ? 'met' : 'missed',
    ]),
  );
