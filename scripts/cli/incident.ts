import { anySeed } from '../../lab/chance/chooser.ts';
import { environmentOf, incidentOf, type Level, levels, type Seed } from '../../lab/incidents/incident.ts';
import { quoted } from '../../lab/settings/quoted.ts';
import { seal } from '../../lab/settings/sealed.ts';
import { oneOf, wholeNumber } from '../../lab/settings/setting.ts';

export const seeds = 2 ** 31;

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

/** What the exporter is handed, which says nothing to whoever sees it: another text each time, so that it begins anew. */
export const sealedIncident = ({ seed, level, scrapeSeconds }: Seed, now = Date.now()): string =>
  seal({
    ...environmentOf(incidentOf({ seed, level, scrapeSeconds })),
    SEED: `${seed}`,
    LEVEL: `${level}`,
    SCRAPES: `${scrapeSeconds}`,
    MADE_AT: `${now}`,
  });
