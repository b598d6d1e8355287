import { percent, seconds } from '../../lab/model/format.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import { counted, failedScrapes, newest, type Picture } from '../../lab/model/picture.ts';

const stored = 'stored samples';
const shown = 'what a query shows';

/** The exporter keeps running, its gauge is not stored any more, and a query shows the last sample for up to five minutes. */
export const picture: Picture = {
  title: 'The exporter keeps running, and its CPU is not stored any more',
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
    // What failed before the newest sample was another step's.
    const failed = failedScrapes(data).filter((at) => at > (last?.[0] ?? data.from));
    return [
      counted(failed.length, 'failed scrape'),
      ...(last === undefined
        ? []
        : [{ value: seconds(data.to - last[0]), words: 'since the newest sample', colour: 2 as const }]),
      { value: value === undefined ? 'nothing' : percent(value), words: 'is what a query shows now', colour: 3 },
    ];
  },
};
