import { mean, values } from '../../lab/evidence/samples.ts';
import { round } from '../../lab/model/format.ts';
import { ofExporter, requests } from '../../lab/model/metrics.ts';
import { type Mark, newest, numberOf, type Picture, type PictureData, shownOf } from '../../lab/model/picture.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { lagSeconds, windows } from './lines.ts';
import { levelSeconds } from './step.ts';

const truth = 'requests that arrived';
const nameOf = (window: string) => `[${window}]`;
const colours = [2, 3, 4] as const;
/** So much of the window has to lie on either side of a step for its levels to be distinguished. */
const besideSeconds = 30;

/** The last change of the level in the window, and the traffic before and after it. */
const stepIn = (data: PictureData): { at: number; before: number; after: number } | undefined => {
  const at = Math.floor((data.to - besideSeconds) / levelSeconds) * levelSeconds;
  const arrived = shownOf(data, truth);
  const perSecond = (from: number, to: number) => mean(values(arrived.filter(([time]) => time >= from && time < to)));
  if (at - besideSeconds < data.from || (data.startedAt ?? at) > at - besideSeconds) return undefined;
  return { at, before: perSecond(data.from, at), after: perSecond(at, data.to) };
};

/** How long each line takes to be half of the way, drawn at its height there. */
const lags = (data: PictureData): Mark[] => {
  const step = stepIn(data);
  if (step === undefined) return [];
  const spans = windows.flatMap(({ window, seconds }, index): Mark[] => {
    // A window that was not full yet had nothing to follow.
    if ((data.startedAt ?? step.at) > step.at - seconds) return [];
    const line: readonly Sample[] = data.layer(nameOf(window)) ?? [];
    const lag = lagSeconds(line, step.at, step.before, step.after);
    if (lag === undefined) return [];
    const value = step.before + (step.after - step.before) * (0.3 + 0.2 * index);
    return [
      {
        kind: 'span',
        from: step.at,
        to: step.at + lag,
        value,
        name: `${nameOf(window)} ${round(lag, 0)} s`,
        colour: colours[index]!,
      },
    ];
  });
  return [{ kind: 'moment', at: step.at, name: 'traffic steps' }, ...spans];
};

/** The step in traffic, and the three rates that follow it, each with its lag. */
export const picture: Picture = {
  title: 'A step in traffic, and how late each window follows it',
  unit: 'requests per second',
  seconds: 900,
  layers: [
    { kind: 'truth', name: truth, values: ({ requestsPerSecond }) => requestsPerSecond },
    ...windows.map(({ window }, index) => ({
      kind: 'query' as const,
      name: nameOf(window),
      expr: `rate(${ofExporter(requests)}[${window}])`,
      colour: colours[index]!,
    })),
  ],
  marks: lags,
  numbers: (data) => {
    const arrived = shownOf(data, truth).filter(([at]) => at >= data.to - 60);
    const really =
      arrived.length < 60
        ? []
        : [{ value: `${round(mean(values(arrived)), 1)}/s`, words: 'arrived in the last minute', colour: 1 as const }];
    const said = windows.flatMap(({ window }, index) =>
      numberOf(newest(data, nameOf(window)), (value) => `${round(value, 1)}/s`, nameOf(window), colours[index]),
    );
    return [...really, ...said];
  },
};
