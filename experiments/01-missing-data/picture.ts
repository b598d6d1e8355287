import { highCpu, targetDown } from '../../lab/model/alerts.ts';
import { seconds } from '../../lab/model/format.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import { counted, failedScrapes, type Mark, newest, type Picture, stretches } from '../../lab/model/picture.ts';

const stored = 'stored samples';
const found = 'what a query returns';
const pending = `${targetDown.name} pending`;
const firing = `${targetDown.name} firing`;
const alert = (state: string) => `max(ALERTS{alertname="${targetDown.name}",alertstate="${state}"})`;

/** The line ends with the first failed scrape; it does not drop to zero, and nothing is made up. */
export const picture: Picture = {
  title: 'The exporter is down: the line ends, it does not drop to zero',
  unit: 'percent',
  range: [0, 100],
  layers: [
    { kind: 'truth', name: 'true CPU', values: ({ cpuPercent }) => cpuPercent },
    { kind: 'query', name: found, expr: ofExporter(cpu), colour: 3 },
    { kind: 'samples', name: stored, selector: ofExporter(cpu) },
    { kind: 'query', name: pending, expr: alert('pending'), isHidden: true },
    { kind: 'query', name: firing, expr: alert('firing'), isHidden: true },
  ],
  line: { value: highCpu.thresholdPercent, name: `${highCpu.thresholdPercent} %` },
  marks: (data) => [
    ...stretches(data, pending).map((each): Mark => ({ kind: 'band', ...each, name: pending, tone: 'warning' })),
    ...stretches(data, firing).map((each): Mark => ({ kind: 'band', ...each, name: firing, tone: 'alarm' })),
  ],
  numbers: (data) => {
    const last = data.layer(stored)?.at(-1);
    if (data.up === undefined || last === undefined) return [];
    return [
      counted(failedScrapes(data).length, 'failed scrape'),
      { value: seconds(data.to - last[0]), words: 'since the newest sample', colour: 2 },
      { value: newest(data, found) === undefined ? 'no' : 'one', words: 'series that a query returns now', colour: 3 },
    ];
  },
};
