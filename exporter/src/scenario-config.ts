import type { Reader } from '../../lab/settings/reader.ts';
import { oneOf, type Setting } from '../../lab/settings/setting.ts';
import { type JobName, jobNames } from './instance.ts';
import { scenarios } from './scenarios.ts';
import type { ScenarioSettings } from './world.ts';

/** What is read for each instance: a scenario's settings, and the scrape job. */
type Own = ScenarioSettings & { job?: JobName };

/** `first` is the first instance that may have it: the exporter's own target is static, and so in the job my_app. */
type Field = { key: string; variable: string; setting: Setting<unknown>; isOfFirst?: boolean; first?: number };

/** Every setting that belongs to an instance. */
export const fields: readonly Field[] = [
  ...scenarios.flatMap(({ settings, isOfFirst, first }) =>
    Object.entries(settings).map(([key, setting]) => ({
      key,
      variable: setting.variable,
      setting: setting as Setting<unknown>,
      ...(isOfFirst && { isOfFirst }),
      ...(first && { first }),
    })),
  ),
  { key: 'job', variable: 'JOB', setting: oneOf(jobNames), first: 2 },
];

/**
 * Reads what each instance simulates beside the base signals. A setting is of every instance; with a number behind its
 * name (`LATENCY_2`) it is of that one.
 */
export const readScenarios = (reader: Reader, instances: number): Own[] => {
  const each = Array.from({ length: instances }, (): Own => ({}));
  const put = (index: number, key: string, value: unknown) => {
    if (value !== undefined) Object.assign(each[index]!, { [key]: value });
  };
  for (const { key, variable, setting, isOfFirst, first = 1 } of fields) {
    const ofAll = reader.read(variable, setting);
    if (isOfFirst) {
      put(0, key, ofAll);
      continue;
    }
    const where =
      instances < first
        ? `set with ${first} or more INSTANCES`
        : `of an instance from ${first} to ${instances}, since INSTANCES is ${instances}`;
    if (ofAll !== undefined && instances < first) reader.refuse(variable, where);
    for (let number = first; number <= instances; number += 1) {
      put(number - 1, key, reader.read(`${variable}_${number}`, setting) ?? ofAll);
    }
    for (const numbered of reader.names) {
      const number = numbered.startsWith(`${variable}_`) ? numbered.slice(variable.length + 1) : '';
      if (!/^\d+$/.test(number) || (Number(number) >= first && Number(number) <= instances)) continue;
      reader.refuse(numbered, where);
    }
  }
  return each;
};
