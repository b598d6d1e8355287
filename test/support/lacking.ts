import type { Experiment } from '../../lab/model/lesson.ts';
import { make } from './commands.ts';

/** What make help says of what some experiments need, such as `thanos: runs here (runtime: native)`. */
const requirements = await make('help');

/** Why an experiment cannot run in this runtime, in the lab's own words; undefined where it can. */
export const lackOf = ({ requires }: Pick<Experiment, 'requires'>): string | undefined => {
  if (requires === undefined) return undefined;
  const [, said] = new RegExp(`^ +${requires}: (.*) \\(runtime: \\w+\\)$`, 'm').exec(requirements) ?? [];
  if (said === undefined) throw new Error(`make help does not say whether ${requires} runs here`);
  return said === 'runs here' ? undefined : said;
};
