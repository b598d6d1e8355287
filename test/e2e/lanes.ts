import { incidentOf, type Level, levels, type Seed } from '../../lab/incidents/incident.ts';
import type { Experiment } from '../../lab/model/lesson.ts';

/**
 * The end-to-end run tries several labs side by side, each with a name and ports of its own: a lab mostly waits. A lane
 * is what one of them simulates.
 */
export type Lane = {
  /** of its lab, its folder and its log; the one without a name is the lab that `make up` starts */
  name: string | undefined;
  /** by how much its ports lie above the usual ones */
  portsAbove: number;
  /** what every command of it is given */
  settings: Record<string, string>;
  /** the test files, by their names before `.e2e.ts` */
  files: readonly string[];
  /** incidents that it plays */
  incidents?: readonly Pick<Seed, 'seed' | 'level'>[];
  /** the folders of the experiments that it tries; only where 3-experiments is among its files */
  experiments: readonly string[];
};

/** Whatever is not about a single experiment: on the lab that a learner has. */
const others = ['1-settings', '2-base', '5-grafana', '6-stop', 'backtest', 'exercises', 'two-labs'];

const quick = { SCRAPE_INTERVAL: '1s', EVALUATION_INTERVAL: '1s' };

/** Whether a lesson's own state is played at 1 s: it brings it itself, whatever the intervals are. */
const isQuick = ({ change, requires }: Pick<Experiment, 'change' | 'requires'>): boolean =>
  change === 'own' && requires !== 'thanos';

/** By how much the ports of the lab that two-labs starts beside its own lie above the usual ones. */
export const besideAbove = 1_500;

/** An incident that is played. */
type Played = NonNullable<Lane['incidents']>[number];

/** Causes that counters show: on a machine that is busy with other labs, scrapes fail and are slow for reasons of its own. */
const counted = ['errors', 'route', 'latency'];
const firstSeed = (level: Level): number => {
  for (let seed = 1; ; seed += 1) {
    if (counted.includes(incidentOf({ seed, level, scrapeSeconds: 1 }).planned[0]!.fault.cause)) return seed;
  }
};

/**
 * Shares the experiments among lanes: those that bring a state of their own are played at 1 s, the longest first and
 * each where least is to be done so far; those that are about the base lab or about an interval at the usual 5 s, and
 * so are those with services of Thanos, of which a shorter interval takes more than a small machine has. One incident
 * of each level is played where the first lanes have ended.
 * @param quickLanes  how many labs play at 1 s
 * @param isSmoke     what the runtime itself does is tried: of the incidents one that has a fault of the monitoring
 */
export const lanesFor = (experiments: readonly Experiment[], quickLanes: number, isSmoke = false): Lane[] => {
  const shares = Array.from({ length: quickLanes }, () => ({ minutes: 0, folders: [] as string[] }));
  const longestFirst = experiments.filter(isQuick).sort((one, other) => other.minutes - one.minutes);
  for (const { folder, minutes } of longestFirst) {
    const share = shares.reduce((least, each) => (each.minutes < least.minutes ? each : least));
    share.minutes += minutes;
    share.folders.push(folder);
  }
  const usual = experiments.filter((each) => !isQuick(each));
  const foldersOf = (own: readonly Experiment[]) => own.map(({ folder }) => folder);
  const asUsual = (requires: Experiment['requires']) => foldersOf(usual.filter((each) => each.requires === requires));
  const incidents = (name: string, ...own: Level[]): Omit<Lane, 'portsAbove'> => ({
    name,
    settings: quick,
    files: ['incidents'],
    experiments: [],
    incidents: own.map((level): Played => ({ level, seed: firstSeed(level) })),
  });
  // The longest first: not all of them begin at once.
  const played: Omit<Lane, 'portsAbove'>[] = [
    ...shares.map(({ folders }, index) => ({
      name: `quick-${index + 1}`,
      settings: quick,
      files: ['3-experiments'],
      experiments: folders,
    })),
    { name: 'backends', settings: {}, files: ['3-experiments'], experiments: asUsual('thanos') },
    { name: undefined, settings: {}, files: others, experiments: [] },
    { name: 'usual', settings: {}, files: ['3-experiments', 'compare'], experiments: asUsual(undefined) },
    { name: 'guide', settings: {}, files: ['4-guide'], experiments: [] },
    ...(isSmoke ? [] : [incidents('incidents-1', 1, 2)]),
    { name: 'search', settings: {}, files: ['search'], experiments: [] },
    incidents('incidents-2', 3),
  ];
  // The lab that `make up` starts is where it always is.
  return played.map((lane, index) => ({ ...lane, portsAbove: lane.name === undefined ? 0 : 100 * (index + 1) }));
};

/** Incidents alone: the first seeds of each level in turn, so many in all, shared among labs that play at 1 s. */
export const incidentLanes = (count: number, labs: number): Lane[] => {
  const all = Array.from({ length: count }, (_, index) => ({
    level: levels[index % levels.length]!,
    seed: 1 + Math.floor(index / levels.length),
  }));
  return Array.from({ length: Math.min(labs, count) }, (_, lane) => ({
    name: `incidents-${lane + 1}`,
    portsAbove: 100 * (lane + 1),
    settings: quick,
    files: ['incidents'],
    experiments: [],
    incidents: all.filter((_, index) => index % labs === lane),
  }));
};
