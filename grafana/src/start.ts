import { base } from '../../lab/base/steps.ts';
import { alertNames, alertState, ofThisPrometheus, upByJob, upNames } from '../../lab/model/alert-states.ts';
import { highCpu, targetDown } from '../../lab/model/alerts.ts';
import { cores, cpu, memory, ofExporter, requests, signalInfo } from '../../lab/model/metrics.ts';
import type { Panel } from '../../lab/model/panel.ts';

/** The dashboard that opens first: is the lab up, what does it simulate, and how to go on. */
export const start = {
  dashboard: base.dashboard,
  title: 'Prometheus lab',
  /** markdown, one or two lines above the pictures */
  heading:
    '**Is the lab up, and what does it simulate?** Every experiment has a dashboard of its own: they are listed below, and under *Experiments* above.',
  /** markdown */
  text: `
The **exporter** simulates signals, **Prometheus** scrapes and stores them, **Grafana** shows them. The exporter knows what really happened, so the lab can measure how much of it Prometheus saw.

- **One change at a time:** \`make exp-1\`, \`make exp-2\` and so on change one thing each; \`make up\` undoes it.
- **Measure it:** \`make check-1\`, \`make check-2\` and so on say in plain words what the change did. All times are UTC, here and there.
`.trim(),
  panels: [
    {
      title: 'Is every target up?',
      kind: 'timeline',
      targets: [upByJob],
      names: upNames,
      unit: 'state',
      description: 'A row for each scrape job: down as soon as one of its targets is.',
      width: 9,
      height: 8,
    },
    {
      title: 'Which signal is on?',
      kind: 'timeline',
      targets: [{ expr: ofThisPrometheus(ofExporter(signalInfo)), legend: '{{signal}}' }],
      names: { 1: { text: 'on', colour: 'blue' } },
      unit: 'state',
      description: 'A gap is the time in which the exporter was down, as when a setting changes.',
      width: 7,
      height: 8,
    },
    {
      title: 'Is an alert on its way?',
      kind: 'timeline',
      targets: [highCpu, targetDown].map(({ name }) => alertState(name)),
      names: alertNames,
      unit: 'state',
      description: `The random CPU is over ${highCpu.thresholdPercent} % now and then: HighCPU is PENDING until it is lower again, or FIRING after ${highCpu.forSeconds} s.`,
      width: 8,
      height: 8,
    },
    {
      title: 'CPU: raw, and averaged over 30 s',
      kind: 'timeseries',
      targets: [
        { expr: ofExporter(cpu), legend: 'raw', style: 'points' },
        { expr: `avg_over_time(${ofExporter(cpu)}[30s])`, legend: 'average of 30 s' },
      ],
      unit: 'percent',
      range: [0, 100],
      description: 'At a scrape every 5 s the average is of six samples: one more moves it by 17 points at most.',
      width: 12,
      height: 5,
    },
    {
      title: 'One metric, one line per core: labels make series',
      kind: 'timeseries',
      // The first five, however many CORES sets: this page refreshes every few seconds, and more names would not fit.
      targets: [{ expr: ofExporter(cores, 'core=~"core[1-5]"'), legend: '{{core}}' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 5,
    },
    {
      title: 'Memory moves slowly: by 2 points in 5 s at most',
      kind: 'timeseries',
      targets: [{ expr: ofExporter(memory), legend: 'memory' }],
      unit: 'percent',
      range: [0, 100],
      width: 12,
      height: 5,
    },
    {
      title: 'Requests per second: a new level each quarter of an hour',
      kind: 'timeseries',
      targets: [{ expr: `rate(${ofExporter(requests)}[1m])`, legend: 'requests' }],
      unit: 'requests per second',
      width: 12,
      height: 5,
    },
  ] satisfies Panel[] as readonly Panel[],
};
