import { percent, seconds } from '../../lab/model/format.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import { counted, failedScrapes, newest, type Picture } from '../../lab/model/picture.ts';

const stored = 'stored samples';
const shown = 'what a query shows';

/** The exporter plays on, its gauge does not come in, and for up to five minutes a query shows the last sample. */
export const picture: Picture = {
  title: 'The exporter plays on, and its CPU no longer comes in',
  unit: 'percent',
  range: [0, 100],
  layers: [
    { kind: 'truth', name: 'true CPU', values: ({ cpuPercent }) => cpuPercent },
    { kind: 'query', name: shown, expr: ofExporter(cpu), colour: 3 },
    { kind: 'samples', name: stored, selector: ofExporter(cpu) },
  ],
  numbers: (data) => {
    const last = data.layer(stored)?.at(-1);
    const value = newest(data, shown);
    return [
      counted(failedScrapes(data).length, 'failed scrape'),
      ...(last === undefined
        ? []
        : [{ value: seconds(data.to - last[0]), words: 'since the newest sample', colour: 2 as const }]),
      { value: value === undefined ? 'nothing' : percent(value), words: 'is what a query shows now', colour: 3 },
    ];
  },
};
