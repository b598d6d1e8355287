import { corePercent } from '../../exporter/src/signals/cores.ts';
import { cpuPercent } from '../../exporter/src/signals/cpu.ts';
import { requestsInSecond } from '../../exporter/src/signals/requests.ts';
import { highCpu } from '../model/alerts.ts';
import {
  busySeconds,
  cores,
  cpu,
  instanceName,
  job,
  recordedAverage,
  recordedRate,
  requests,
  scrapeDuration,
  spikes,
  targetUp,
} from '../model/metrics.ts';
import { rate } from '../promql/extrapolation.ts';
import type { Sample, Series } from '../promql/sample.ts';

const recordedSeconds = 600;

/** An hour and a half as Prometheus stores it from the base lab: a restart of the exporter, an outage, a high CPU at the end. */
export const storedHour = (end: number, scrapeSeconds: number) => {
  const begin = end - 5_400;
  const restart = end - 900;
  const outage = { from: end - 420, to: end - 380 };
  const seed = 1;
  const world = { signal: 'random', seed, cores: 2, startedAt: restart } as const;
  const highFrom = end - 240;
  const phase = 0.137;
  const times = Array.from({ length: Math.floor((end - begin) / scrapeSeconds) }, (_, index) => {
    const jitter = (index * 7) % 3;
    return Math.round(1000 * (begin + index * scrapeSeconds + phase) + jitter) / 1000;
  });
  const isOut = (at: number) => at >= outage.from && at < outage.to;
  const good = times.filter((at) => !isOut(at));
  const counted = (perSecond: (second: number) => number): Sample[] => {
    let second = begin;
    let total = 0;
    return good.map((at) => {
      for (; second < Math.floor(at); second += 1) {
        if (second === restart) total = 0;
        total += perSecond(second);
      }
      return [at, total];
    });
  };
  const own = (name: string, samples: Sample[], labels: Record<string, string> = {}): Series => ({
    labels: { __name__: name, ...labels, job, instance: instanceName() },
    samples,
  });
  const prometheus = (name: string, value: number): Series => ({
    labels: { __name__: name, job: 'prometheus', instance: 'prometheus:9090' },
    samples: times.map((at) => [at + 1.5, value]),
  });
  /** What a rule gave every 5 s: it is stored since Prometheus was started, and history has none of it. */
  const recorded = (name: string, figure: (at: number) => number | undefined): Series =>
    own(
      name,
      Array.from({ length: recordedSeconds / 5 }, (_, index) => end - recordedSeconds + 5 * index + 1.2).flatMap(
        (at) => {
          const value = figure(at);
          return value === undefined ? [] : [[at, value] as const];
        },
      ),
    );
  const requested = counted((second) => requestsInSecond(world, second));
  const isHigh = (second: number) => cpuPercent('random', second, seed) > highCpu.thresholdPercent;
  const gauge = good.map((at): Sample => [at, cpuPercent(at < highFrom ? 'random' : 'high', at, seed)]);
  return {
    lab: {
      now: end,
      scrapeSeconds,
      evaluationSeconds: 5,
      prometheusStartedAt: begin,
      exporter: world,
      target: undefined,
    },
    series: [
      own(
        targetUp,
        times.map((at): Sample => [at, isOut(at) ? 0 : 1]),
      ),
      prometheus(targetUp, 1),
      own(
        scrapeDuration,
        times.map((at): Sample => [at, 0.002 + 0.004 * (cpuPercent('random', at, 9) / 100)]),
      ),
      prometheus(scrapeDuration, 0.012),
      own(cpu, gauge),
      ...['core1', 'core2'].map((core, index) =>
        own(
          cores,
          good.map((at): Sample => [at, corePercent(index + 1, at, seed)]),
          { core },
        ),
      ),
      own(requests, requested),
      recorded(recordedRate, (at) => rate(requested, at, 60)),
      recorded(recordedAverage, (at) => {
        const newest = good.findLast((time) => time <= at)!;
        return (corePercent(1, newest, seed) + corePercent(2, newest, seed)) / 2;
      }),
      own(
        spikes,
        counted((second) => Number(isHigh(second) && !isHigh(second - 1))),
      ),
      own(
        busySeconds,
        counted((second) => cpuPercent('random', second, seed) / 100),
      ),
      own(
        'process_start_time_seconds',
        good.map((at): Sample => [at, at < restart ? begin : restart]),
      ),
      ...alerts(gauge),
    ],
  };
  function alerts(samples: Sample[]): Series[] {
    let since: number | undefined;
    const active = samples.flatMap(([at, value]): Sample[] => {
      const evaluated = Math.round(1000 * (at + 1)) / 1000;
      since = value > highCpu.thresholdPercent ? (since ?? Math.floor(evaluated)) : undefined;
      return since === undefined ? [] : [[evaluated, since]];
    });
    const named = { alertname: highCpu.name, severity: 'warning' };
    return [
      own('ALERTS_FOR_STATE', active, named),
      own(
        'ALERTS',
        active.map(([at]): Sample => [at, 1]),
        { ...named, alertstate: 'pending' },
      ),
    ];
  }
};
