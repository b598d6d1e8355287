import { alertState, alertStateNames } from './alerts.ts';
import { averagedCpu, cores, cpu, memory, requestRate, signalInfo, targetUp } from './metrics.ts';
import { base } from './steps.ts';
import type { Panel } from './types.ts';

/** The dashboard that opens first: is the lab up, what does it play, and how to go on. */
export const start = {
  dashboard: base.dashboard,
  title: 'Prometheus lab',
  /** markdown */
  text: `
A small monitoring stack: the **exporter** plays signals, **Prometheus** scrapes and stores them, **Grafana** shows them. The exporter knows at any time what really happened, so the lab can measure what Prometheus saw of it.

- **One change at a time:** \`make exp-N\` changes one thing; \`make\` lists the experiments.
- **See it:** each experiment has a dashboard, listed here and under *Experiments* above.
- **Measure it:** \`make check-N\` says in plain words what the change did.
- **Back to the start:** \`make up\`. All times are UTC, as in the checks.
`.trim(),
  panels: [
    {
      title: 'Is everything up? One sample of up per scrape and target',
      kind: 'timeline',
      targets: [{ expr: targetUp, legend: '{{job}}' }],
      unit: 'state',
      names: { '1': { text: 'up', colour: 'green' }, '0': { text: 'down', colour: 'red' } },
      width: 8,
      height: 6,
    },
    {
      title: 'Which signal does the exporter play?',
      kind: 'timeline',
      targets: [{ expr: signalInfo, legend: '{{signal}}' }],
      unit: 'state',
      names: { '1': { text: 'on', colour: 'blue' } },
      description: 'A gap is the time in which the exporter was away, as when a setting changes.',
      width: 8,
      height: 6,
    },
    {
      title: 'Is an alert on its way? inactive → PENDING → FIRING',
      kind: 'timeline',
      targets: ['HighCPU', 'TargetDown'].map((name) => ({ expr: alertState(name), legend: name })),
      unit: 'state',
      names: alertStateNames,
      description:
        'A random CPU is over 80 % now and then, but seldom for 10 s: HighCPU is often PENDING and rarely FIRING.',
      width: 8,
      height: 6,
    },
    {
      title: 'Raw CPU jumps from sample to sample; its 30 s average is calm',
      kind: 'timeseries',
      targets: [
        { expr: cpu, legend: 'raw' },
        { expr: averagedCpu, legend: 'average of 30 s' },
      ],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
    {
      title: 'One metric, one line per core: labels make series',
      kind: 'timeseries',
      // The first eight, however many CORES sets: this page refreshes every few seconds.
      targets: [{ expr: `${cores}{core=~"core[1-8]"}`, legend: '{{core}}' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 9,
    },
    {
      title: 'Memory moves slowly: a scrape every few seconds misses nothing',
      kind: 'timeseries',
      targets: [{ expr: memory, legend: 'memory' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 8,
    },
    {
      title: 'Requests per second: near 4 or near 12, changing each quarter of an hour',
      kind: 'timeseries',
      targets: [{ expr: requestRate, legend: 'requests' }],
      unit: 'requests per second',
      width: 12,
      height: 8,
    },
  ] satisfies Panel[] as readonly Panel[],
};
