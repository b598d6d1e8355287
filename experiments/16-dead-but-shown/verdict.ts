import { type Instance, instancesIn } from '../../lab/evidence/fleet.ts';
import { inForceSince, only } from '../../lab/evidence/samples.ts';
import { clock, duration, seconds } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { job, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import {
  absentIsSilent,
  cured,
  last,
  lifeFor,
  notCured,
  plainGauge,
  plainIsGone,
  type Silenced,
  selector,
  stampedGauge,
  stampedIsShown,
  stampedJob,
  whatHappened,
  whatWasStored,
} from './findings.ts';

export type Measured = {
  lab: Lab;
  /** of the stretch until the gauges stop; undefined where no instance has them */
  truth: Truth | undefined;
  /** the gauges whose fate is told */
  plain?: Silenced;
  stamped?: Silenced;
  /** under the job with the cure */
  healed?: Silenced;
};

/** A scrape that was under way when the gauges stopped may still have met them; the next one did not. */
const endsWithin = ({ scrapeSeconds }: Lab): number => 2 * scrapeSeconds + 2;

export const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const playing = instancesIn(lab).filter(({ plays }) => plays.includes('timestamps'));
  const [first, second] = [playing.find((each) => each.job === job), playing.find((each) => each.job === stampedJob)];
  if (first === undefined) return { lab, truth: undefined };
  const now = Math.floor(lab.now);
  const { stopsAt } = (await read.truth(now, now, { instance: first.number })).timestamps!;
  const since = inForceSince(lab);
  const truth = await read.truth(Math.min(since, stopsAt) - 1, Math.min(stopsAt, lab.now + 1), {
    instance: first.number,
  });
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
  return {
    lab,
    truth,
    plain: await silence(first, plainGauge),
    stamped: await silence(first, stampedGauge),
    ...(second && { healed: await silence(second, stampedGauge) }),
  };
};

export const verdict = ({ lab, truth, plain, stamped, healed }: Measured): Judgement => {
  if (truth?.timestamps === undefined || plain === undefined || stamped === undefined) {
    return { kind: 'elsewhere', reason: 'no instance has a gauge with timestamps of its own' };
  }
  const { stopsAt } = truth.timestamps;
  if (inForceSince(lab) >= stopsAt) {
    return { kind: 'elsewhere', reason: `the gauges stopped at ${clock(stopsAt)}, before this Prometheus began` };
  }
  const all = [plain, stamped, ...(healed ? [healed] : [])];
  const due = stopsAt + endsWithin(lab);
  if (lab.now < due && all.some(({ endedAt }) => endedAt === undefined)) {
    return {
      kind: 'wait',
      seconds: Math.ceil(due - lab.now),
      reason: 'the gauges to stop, and for the scrape after that',
    };
  }
  const unseen = all.find(({ samples, endedAt }) => samples.length === 0 || endedAt === undefined);
  if (unseen !== undefined) {
    return {
      kind: 'elsewhere',
      reason: `no scrape of ${unseen.instance} met its gauges before they stopped at ${clock(stopsAt)}, or none came after that, at a scrape every ${seconds(lab.scrapeSeconds)}`,
      type: `make exp-16 TIMESTAMPS=${duration(lifeFor(lab.scrapeSeconds))}`,
    };
  }
  return {
    kind: 'measured',
    findings: [
      whatHappened(truth),
      whatWasStored(stamped, truth),
      plainIsGone(plain),
      stampedIsShown(stamped),
      absentIsSilent(stamped),
      healed ? cured(healed) : notCured,
    ],
  };
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
