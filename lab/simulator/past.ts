import { history } from '../../exporter/src/history.ts';
import type { Instance } from '../../exporter/src/instance.ts';
import type { Range } from '../../exporter/src/range.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { exposedIn, labelsOf } from './page.ts';

/** An hour of the base lab is what nearly every simulated lab begins with, and reading its page takes longer than the lab. */
const known = new Map<string, readonly Series[]>();

/** What the exporter's history of an instance stores, in the order of time. @param range  unix seconds */
export const pastOf = (instance: Instance, range: Range): readonly Series[] => {
  const key = JSON.stringify([instance, range]);
  const past = known.get(key) ?? read(instance, range);
  known.set(key, past);
  return past;
};

const read = (instance: Instance, range: Range): Series[] => {
  const samplesOf = new Map<string, Sample[]>();
  for (const { series, value, measuredAt } of exposedIn([...history(instance, range)].join(''))) {
    const samples = samplesOf.get(series) ?? [];
    samples.push([measuredAt!, value]);
    samplesOf.set(series, samples);
  }
  return [...samplesOf].map(([series, samples]) => ({ labels: labelsOf(series), samples }));
};
