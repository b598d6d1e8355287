import { round } from '../model/format.ts';
import { type Layer, type PictureData, type PictureNumber, shownOf } from '../model/picture.ts';
import { mean, values } from './samples.ts';

/** Half of the last minute has to be known. */
const fewestSeconds = 30;

/** The layer of a picture that shows the requests which really arrived at these instances together, per second. */
export const arrivedAt = (instances: readonly number[], name: string): Layer => ({
  kind: 'truth',
  name,
  instances,
  values: ({ requestsPerSecond }, ...others) =>
    requestsPerSecond.map((value, at) =>
      others.reduce((sum, other) => sum + (other.requestsPerSecond[at] ?? 0), value),
    ),
});

/** The mean of that layer over the last minute of a picture; nothing where too little of it is known. */
export const arrivedNumber = (data: PictureData, name: string, words: string): PictureNumber[] => {
  const arrived = shownOf(data, name).filter(([at]) => at >= data.to - 60);
  if (arrived.length < fewestSeconds) return [];
  return [{ value: `${round(mean(values(arrived)), 1)}/s`, words, colour: 1 }];
};
