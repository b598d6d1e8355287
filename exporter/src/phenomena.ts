import type { Reader } from '../../lab/settings/reader.ts';
import { oneOf, type Setting } from '../../lab/settings/setting.ts';
import { churnSetting } from './signals/churn.ts';
import { deploySetting } from './signals/deploy.ts';
import { errorsSetting } from './signals/errors-setting.ts';
import { bucketsSetting, latencySetting } from './signals/latency.ts';
import { timestampsSetting } from './signals/timestamps.ts';
import { jobNames, type Phenomena } from './world.ts';

/** Settings of every instance; with a number behind its name (`LATENCY_2`) one is of that instance alone. */
const settings: { [Key in keyof Required<Phenomena>]: { name: string; setting: Setting<Required<Phenomena>[Key]> } } = {
  latency: { name: 'LATENCY', setting: latencySetting },
  buckets: { name: 'BUCKETS', setting: bucketsSetting },
  errors: { name: 'ERRORS', setting: errorsSetting },
  deploy: { name: 'DEPLOY', setting: deploySetting },
  churnSeconds: { name: 'CHURN', setting: churnSetting },
  timestampsSeconds: { name: 'TIMESTAMPS', setting: timestampsSetting },
  job: { name: 'JOB', setting: oneOf(jobNames) },
};

/** @returns what each instance plays beside the base signals */
export const readPhenomena = (reader: Reader, instances: number): Phenomena[] => {
  const each = Array.from({ length: instances }, (): Phenomena => ({}));
  for (const [key, { name, setting }] of Object.entries(settings) as [
    string,
    { name: string; setting: Setting<unknown> },
  ][]) {
    const ofAll = reader.read(name, setting);
    each.forEach((phenomena, index) => {
      const value = reader.read(`${name}_${index + 1}`, setting) ?? ofAll;
      if (value !== undefined) Object.assign(phenomena, { [key]: value });
    });
    for (const numbered of reader.names) {
      const number = numbered.startsWith(`${name}_`) ? numbered.slice(name.length + 1) : '';
      if (!/^\d+$/.test(number) || each[Number(number) - 1]) continue;
      reader.refuse(numbered, `of an instance from 1 to ${instances}, since INSTANCES is ${instances}`);
    }
  }
  return each;
};
