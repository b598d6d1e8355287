import { isJudgement } from '../../lab/evidence/happening.ts';
import { gapSeconds, midpoints } from '../../lab/judging/instants.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import type { Exercise, Expected, World, WorldSeries } from '../../lab/model/exercise.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import {
  code,
  down,
  downOrUnknown,
  duration,
  type Module,
  metBy,
  modules,
  of,
  type Phase,
  type Probe,
  shopUp,
  success,
} from './probes.ts';
import { look, type Measured } from './verdict.ts';

const command = 'make exp-29';
const slowestSeconds = 5;
const windowSeconds = 30;
const shop = of(success, 'shop');

/** Half-way between two scrapes of the shop, and the newest probe there. */
const between = ({ probes, scrapeSeconds }: Measured): { at: number; probe: Probe }[] => {
  const samples = probes.shop.map(({ at }): Sample => [at, 0]);
  return midpoints(samples, gapSeconds({ scrapeSeconds } as never)).flatMap(({ at, index }) => {
    const probe = probes.shop[index]!;
    // A probe that is under way decides nothing.
    return probe.at + probe.durationSeconds + scrapeSeconds / 5 < at ? [{ at, probe }] : [];
  });
};

/** @param right  what is right at the instants of some kinds, each of which has to be seen */
const judgedBy =
  (right: (measured: Measured) => readonly (readonly Expected[])[]): Exercise['expected'] =>
  async (read, lab) => {
    if (lab.scrapeSeconds > slowestSeconds) {
      const reason = `a scrape every ${seconds(lab.scrapeSeconds)} sees too little of the phases of the shop`;
      return { kind: 'elsewhere', reason, type: `${command} SCRAPE_INTERVAL=5s` };
    }
    const measured = await look(read, lab);
    if (isJudgement(measured)) return whereMeasured(measured, command);
    return whereMeasured({ kind: 'measured', findings: [] }, command, ...right(measured).map((each) => [...each]));
  };

const fires = judgedBy((measured) => {
  const known = between(measured).map(({ at, probe }) => ({ at, fires: probe.values[success] !== 1, probe }));
  // The last probe of a prober that has died is followed by none, so the last phase may have no instant.
  const inPhases = (...names: Phase[]) =>
    known
      .filter(({ probe }) => names.includes(metBy(probe, measured.shop).join() as Phase))
      .map(({ at, fires }): Expected => ({ at, fires }));
  return [inPhases('good'), inPhases('error'), inPhases('login', 'sorry')];
});

/** No millisecond decides which samples a window holds. */
const edgeSeconds = 0.05;
const shares = judgedBy((measured) => {
  const answered = measured.probes.shop.filter(({ values }) => values[success] !== undefined);
  const share = (from: number, to: number): number => {
    const inside = answered.filter(({ at }) => at > from && at <= to).map(({ values }) => values[success]!);
    return inside.reduce((sum, value) => sum + value, 0) / inside.length;
  };
  const all = between(measured)
    .filter(({ at }) => at - windowSeconds >= (answered[0]?.at ?? at) - 1.5 * measured.scrapeSeconds)
    .map(({ at }) => {
      const both = [edgeSeconds, -edgeSeconds].map((edge) => share(at - windowSeconds - edge, at));
      return { at, number: [Math.min(...both), Math.max(...both)] as const };
    });
  return [all.filter(({ number }) => number[0] > 0), all.filter(({ number }) => number[1] === 0)];
});

const asked = 100;
const series = (metric: string, module: Module, value: string, during?: WorldSeries['during']): WorldSeries => ({
  labels: { __name__: metric, job: 'probe', instance: 'shop', module },
  value,
  ...(during && { during }),
});
/** What the modules http_2xx and shop say, and the status; @param died  when the prober did */
const probing = (http: number, said: number, status: number, died?: number): WorldSeries[] => {
  const during: WorldSeries['during'] = died === undefined ? undefined : [0, died];
  return [
    series(success, 'tcp', '1', during),
    series(success, 'http_2xx', `${http}`, during),
    series(success, 'shop', `${said}`, during),
    ...(['http_2xx', 'shop'] as const).map((module) => series(code, module, `${status}`, during)),
    ...(['http_2xx', 'shop'] as const).map((module) => series(duration, module, status === 0 ? '0.5' : '0.01', during)),
    ...modules.flatMap((module): WorldSeries[] =>
      died === undefined
        ? [series('up', module, '1')]
        : [series('up', module, '1', [0, died]), series('up', module, '0', [died, 1_000])],
    ),
    { labels: { __name__: 'up', job: 'my_app', instance: 'exporter:8000' }, value: '1' },
  ];
};
const world = (where: string, all: WorldSeries[]): World => ({ asks: 'alert', where, series: all, at: [asked] });

export const exercises: readonly Exercise[] = [
  {
    task: 'Write the expression of an alert that is true while one cannot buy in the shop, and while nobody knows because its prober is down.',
    start: 'up == 0',
    hints: [
      '`up` of a prober says that the prober answered, not what it found: that is probe_success.',
      'The module http_2xx takes any page with status 200 for a shop. The module shop wants a cart on it.',
      'Where the prober is down there is no probe_success, and nothing is equal to 0. `A or B` is there where one of the two is.',
    ],
    answer: downOrUnknown.expr,
    why: 'probe_success is what the prober found, up whether it was there to look: an alert needs both.',
    mistakes: [
      { query: 'up == 0', why: 'this is about the exporter and the prober, which answered all the while' },
      { query: down.expr, why: 'this ends when the prober dies: no series is no 0' },
      {
        query: `${of(success, 'http_2xx')} == 0 or ${shopUp} == 0`,
        why: 'to http_2xx a login page and “closed for maintenance” are fine: their status is 200',
      },
      {
        query: `${of(code, 'shop')} != 200 or ${shopUp} == 0`,
        why: 'the status of a login page and of “closed for maintenance” is 200',
      },
      { query: `absent(${shop})`, why: 'this is the dead prober alone: a probe that failed is there, and is 0' },
    ],
    alsoRight: [
      `${shop} != 1 or ${shopUp} == 0`,
      `${shop} == 0 or absent(${shop})`,
      `${shopUp} unless ${shop} == 1`,
      `absent(${shop} == 1)`,
    ],
    alsoWrong: [`${shop} == 1`, `${shop} == 0 and ${shopUp} == 0`, `${success} == 0`, 'vector(1)'],
    worlds: [
      world('where the shop is good', probing(1, 1, 200)),
      world('where its status is 500', probing(0, 0, 500)),
      world('where it is too slow', probing(0, 0, 0)),
      world('where it leads to a login page', probing(1, 0, 200)),
      world('where the prober is down', probing(1, 0, 200, asked - 30)),
    ],
    slowestSeconds,
    expected: fires,
  },
  {
    task: `In what share of the probes of the last ${windowSeconds} s could one buy? One number, from 0 to 1.`,
    start: shop,
    hints: [
      'Each probe left a sample, 1 or 0.',
      'The average of ones and zeros is the share of the ones.',
      '`avg_over_time(…[30s])`, of the module that asks what a visitor asks.',
    ],
    answer: `avg_over_time(${shop}[${windowSeconds}s])`,
    why: 'The average of probe_success is the availability that a visitor had, as far as the module asks what a visitor needs.',
    mistakes: [
      {
        query: `avg_over_time(${shopUp}[${windowSeconds}s])`,
        why: 'this is the availability of the prober: 1 all the while',
      },
      {
        query: `avg_over_time(${of(success, 'http_2xx')}[${windowSeconds}s])`,
        why: 'this counts a login page and “closed for maintenance” as a shop',
      },
      { query: shop, why: 'this is the last probe alone' },
      { query: `sum_over_time(${shop}[${windowSeconds}s])`, why: 'this is how many probes succeeded, not which share' },
    ],
    alsoRight: [
      `sum_over_time(${shop}[${windowSeconds}s]) / count_over_time(${shop}[${windowSeconds}s])`,
      `avg(avg_over_time(${shop}[${windowSeconds}s]))`,
    ],
    alsoWrong: [
      `avg_over_time(${success}[${windowSeconds}s])`,
      `rate(${shop}[${windowSeconds}s])`,
      `1 - avg_over_time(${shop}[${windowSeconds}s])`,
    ],
    slowestSeconds,
    expected: shares,
  },
];
