import { anySeed } from '../../lab/chance/chooser.ts';
import { type Level, levels, seeds } from '../../lab/incidents/incident.ts';
import { quoted } from '../../lab/settings/quoted.ts';
import { oneOf, wholeNumber } from '../../lab/settings/setting.ts';

type Asked = { seed: number; level: Level; problems: string[] } | { problems: string[] };

/**
 * Reads which incident is asked for: by default any seed, of level 1.
 * @returns what is wrong with it, a sentence each
 */
export const seedFrom = (
  typed: { seed?: string | undefined; level?: string | undefined },
  chance: () => number = Math.random,
): Asked => {
  const [seedSetting, levelSetting] = [wholeNumber(0, seeds - 1), oneOf(levels.map(String))];
  const { seed = String(anySeed(10_000, chance)), level = '1' } = typed;
  const problems = [
    ...(seedSetting.parse(seed) === undefined ? [`SEED must be ${seedSetting.expected}, got ${quoted(seed)}`] : []),
    ...(levelSetting.parse(level) === undefined
      ? [`LEVEL must be ${levelSetting.expected}, got ${quoted(level)}`]
      : []),
  ];
  return problems.length > 0 ? { problems } : { seed: Number(seed), level: Number(level) as Level, problems };
};
