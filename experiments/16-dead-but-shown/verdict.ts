import { type Instance, instancesIn } from '../../lab/evidence/fleet.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, only } from '../../lab/evidence/samples.ts';
import { clock, duration, seconds } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { job, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import {
  absentIsSilent,
  last,
  lifeFor,
  notFixed,
  plainGauge,
  plainIsGone,
  type Silenced,
  selector,
  stampedGauge,
  stampedIsShown,
  stampedJob,
  theFix,
  whatHappened,
  whatWasStored,
} from './findings.ts';

/** A gauge that a scrape met, and the first scrape without it. */
export type Ended = Silenced & { endedAt: number };

export type Measured = {
  /** of the time until the gauges stop */
  truth: Truth;
  /** the gauges whose end is measured */
  plain: Ended;
  stamped: Ended;
  /** under the job with the fix */
  fixed?: Ended;
};

/** The instance whose gauges stop, and one in the job with the fix. */
type Stop = { stopsAt: number; first: Instance; second: Instance | undefined };

/** A scrape that was under way when the gauges stopped may still have met them; the next one did not. */
const endsWithin = ({ scrapeSeconds }: Lab): number => 2 * scrapeSeconds + 2;

const stopIn = async (lab: Lab, read: Reader): Promise<Stop | undefined> => {
  const simulating = instancesIn(lab).filter(({ simulates }) => simulates.includes('timestamps'));
  const [first, second] = [
    simulating.find((each) => each.job === job),
    simulating.find((each) => each.job === stampedJob),
  ];
  if (first === undefined) return undefined;
  const now = Math.floor(lab.now);
  const { timestamps } = await read.truth(now, now, { instance: first.number });
  return timestamps && { stopsAt: timestamps.stopsAt, first, second };
};

const measure = async ({ stopsAt, first, second }: Stop, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = activeSince(lab);
  const until = Math.min(lab.now, stopsAt + endsWithin(lab));
  const silence = async (instance: Instance, metric: string): Promise<Silenced> => {
    const named = { metric, instance: instance.instance, job: instance.job, number: instance.number };
    const within = Math.max(1, until - since);
    const samples = only(await read.samples(selector(named), within, until));
    const up = only(await read.samples(selector({ ...named, metric: targetUp }), within, until));
    // A scrape at the very end may have been sent before it and answered after it.
    const endedAt = up.find(
      ([at, value]) => value === 1 && at >= Math.max(stopsAt, samples.at(-1)?.[0] ?? 0) + 0.01,
    )?.[0];
    if (samples.length === 0 || endedAt === undefined) return { ...named, samples, shown: [], absent: [] };
    const instants = [endedAt, last({ samples }) + lookbackSeconds - 1, last({ samples }) + lookbackSeconds];
    return {
      ...named,
      samples,
      endedAt,
      shown: await Promise.all(
        instants.map(async (at) => ({ at, value: only(await read.query(selector(named), at))[0]?.[1] })),
      ),
      absent: await Promise.all(
        instants.map(async (at) => ({ at, isAbsent: (await read.query(`absent(${selector(named)})`, at)).length > 0 })),
      ),
    };
  };
  const [plain, stamped] = [await silence(first, plainGauge), await silence(first, stampedGauge)];
  const fixed = second && (await silence(second, stampedGauge));
  const all = [plain, stamped, ...(fixed ? [fixed] : [])];
  const due = stopsAt + endsWithin(lab);
  if (lab.now < due && all.some(({ endedAt }) => endedAt === undefined)) return waitUntil(due, lab, awaited);
  const unseen = all.find((each) => !isEnded(each));
  if (unseen !== undefined) return tooSlow(unseen, stopsAt, lab);
  const truth = await read.truth(Math.min(since, stopsAt) - 1, Math.min(stopsAt, lab.now + 1), {
    instance: first.number,
  });
  return { truth, plain, stamped, ...(fixed && { fixed }) } as Measured;
};

const awaited = 'the gauges to stop, and for the scrape after that';

const isEnded = ({ samples, endedAt }: Silenced): boolean => samples.length > 0 && endedAt !== undefined;

/** @param unseen  the gauge that no scrape met, or whose end none has seen */
export const tooSlow = (
  { instance }: Pick<Silenced, 'instance'>,
  stopsAt: number,
  { scrapeSeconds }: Lab,
): Judgement => ({
  kind: 'elsewhere',
  reason: `no scrape of ${instance} met its gauges before they stopped at ${clock(stopsAt)}, or none came after that, at a scrape every ${seconds(scrapeSeconds)}`,
  type: `make exp-16 TIMESTAMPS=${duration(lifeFor(scrapeSeconds))}`,
});

export const verdict = ({ truth, plain, stamped, fixed }: Measured): Judgement => {
  return {
    kind: 'measured',
    findings: [
      whatHappened(truth),
      whatWasStored(stamped, truth),
      plainIsGone(plain),
      stampedIsShown(stamped),
      absentIsSilent(stamped),
      fixed ? theFix(fixed) : notFixed,
    ],
  };
};

export const { look, check } = whenItHappened({
  what: stopIn,
  none: 'no instance has a gauge with timestamps of its own',
  began: ({ stopsAt }) => ({ at: stopsAt, was: `the gauges stopped at ${clock(stopsAt)}` }),
  waits: ({ stopsAt }, lab) => ({ until: stopsAt, due: stopsAt + endsWithin(lab), reason: awaited }),
  measure,
  verdict,
});
