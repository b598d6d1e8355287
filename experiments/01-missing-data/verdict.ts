import { cpu as gauge } from '../metrics.ts';
import { only } from '../samples.ts';
import type { Finding, Judgement, Lab, Reader, Sample } from '../types.ts';
import { clock, count, seconds } from '../words.ts';

export const up = 'up{job="my_app"}';
const lookBackSeconds = 900;

export type Measured = {
  scrapeSeconds: number;
  prometheusStartedAt: number;
  /** when the exporter was taken away, as far as it is known */
  applied: Lab['applied'];
  /** samples of `up`, last quarter of an hour */
  up: Sample[];
  /** stored samples of the gauge, same stretch */
  gauge: Sample[];
  /** series in an instant query of the gauge just after the first failed scrape */
  seriesAfterStop: number;
  /** Prometheus' own reason */
  lastError: string;
  /** when the exporter that answers now began; undefined where none answers */
  startedAt: number | undefined;
};

/** The last outage in `up`: last good scrape, first failed one, and first good one after it. */
export const lastOutage = (samples: readonly Sample[]): { good: number; failed: number; back?: number } | undefined => {
  const index = samples.findLastIndex(([, value], at) => value === 0 && samples[at - 1]?.[1] === 1);
  if (index < 1) return undefined;
  const back = samples.slice(index).find(([, value]) => value === 1)?.[0];
  const outage = { good: samples[index - 1]![0], failed: samples[index]![0] };
  return back === undefined ? outage : { ...outage, back };
};

const measure = async (read: Reader, lab: Lab): Promise<Measured> => {
  const samples = only(await read.samples(up, lookBackSeconds, lab.now));
  const outage = lastOutage(samples);
  return {
    scrapeSeconds: lab.scrapeSeconds,
    prometheusStartedAt: lab.prometheusStartedAt,
    applied: lab.applied,
    up: samples,
    gauge: only(await read.samples(gauge, lookBackSeconds, lab.now)),
    seriesAfterStop: outage ? (await read.query(gauge, outage.failed + 0.1)).length : 0,
    lastError: lab.target?.lastError ?? '',
    startedAt: lab.exporter?.startedAt,
  };
};

export const verdict = (measured: Measured): Judgement => {
  const { scrapeSeconds, startedAt } = measured;
  const outage = lastOutage(measured.up);
  if (outage === undefined || (startedAt === undefined && outage.back !== undefined)) {
    if (startedAt !== undefined) {
      return { kind: 'elsewhere', reason: 'the exporter answers and `up` has been 1 throughout' };
    }
    return { kind: 'wait', seconds: scrapeSeconds + 1, reason: 'the first scrape that fails' };
  }
  const { good, failed, back } = outage;
  if (measured.prometheusStartedAt > good && measured.prometheusStartedAt < failed) {
    return {
      kind: 'elsewhere',
      reason:
        'Prometheus itself restarted between the last good scrape and the first failed one, so it knows no series that could go stale',
      type: 'make up, then make exp-1',
    };
  }
  if (startedAt !== undefined && back === undefined) {
    return { kind: 'wait', seconds: scrapeSeconds + 1, reason: 'the first scrape of the exporter that is back' };
  }

  const before = measured.gauge.filter(([at]) => at <= good + 0.1);
  const during = measured.gauge.filter(([at]) => at > good + 0.1 && at < (back ?? Number.POSITIVE_INFINITY) - 0.1);
  const findings: Finding[] = [
    {
      claim: `\`up\` fell from 1 to 0 at ${clock(failed)}, ${seconds(failed - good)} after the last good scrape${sinceStop(measured.applied, good, failed)}`,
      holds: failed - good <= scrapeSeconds + 1,
      evidence: `${up}[15m]`,
      expected: `one scrape interval, ${seconds(scrapeSeconds)}`,
      measured: seconds(failed - good),
      look: 'the target page: a scrape that hangs until its time-out comes late',
    },
    {
      claim: `the gauge is gone at once: ${count(measured.seriesAfterStop, 'series')} in an instant query at ${clock(failed)}`,
      holds: measured.seriesAfterStop === 0,
      evidence: `${gauge} at ${clock(failed)}`,
      expected: 'no series: a failed scrape marks every series of its target stale',
      measured: `${measured.seriesAfterStop}`,
      look: `${gauge}[1m] in the table view`,
    },
    {
      claim: `the past stays and nothing is made up: ${count(before.length, 'sample')} from before, ${during.length} from the outage`,
      holds: before.length > 0 && during.length === 0,
      evidence: `${gauge}[15m]`,
      expected: 'samples before the stop and none in the outage',
      measured: `${before.length} and ${during.length}`,
      look: 'whether a second exporter answers on the same address',
    },
  ];
  if (back === undefined) {
    findings.push({
      claim: `Prometheus says why: ${measured.lastError}`,
      holds: measured.lastError !== '',
      evidence: '/api/v1/targets, lastError',
      expected: 'a reason',
      measured: 'none',
      look: '/api/v1/targets',
    });
    return { kind: 'measured', findings, afterUndo: 'the return' };
  }
  findings.push({
    fact: `the outage lasted ${seconds(back - failed)} in \`up\``,
    evidence: `${up}[15m]`,
  });
  if (startedAt !== undefined && startedAt <= back && startedAt >= good) {
    findings.push({
      claim: `\`up\` was 1 again ${seconds(Math.max(0, back - startedAt))} after the exporter started`,
      holds: back - startedAt <= scrapeSeconds + 3,
      evidence: `${up} against process_start_time_seconds`,
      expected: `one scrape interval and the start: up to ${seconds(scrapeSeconds + 3)}`,
      measured: seconds(back - startedAt),
      look: 'the log of the exporter',
    });
  }
  return { kind: 'measured', findings };
};

/** How long after the stop; the stop lies both between the two scrapes and in the stretch in which it was applied. */
const sinceStop = (applied: Lab['applied'], good: number, failed: number): string => {
  if (applied?.step !== 'exp-1') return '';
  const earliest = Math.max(good, applied.from);
  const latest = Math.min(failed, applied.to);
  if (earliest > latest) return '';
  return ` and ${seconds(failed - latest)} to ${seconds(failed - earliest)} after the exporter stopped`;
};

/** Measures the running lab and judges it. */
export const check = async (read: Reader, lab: Lab): Promise<Judgement> => verdict(await measure(read, lab));
