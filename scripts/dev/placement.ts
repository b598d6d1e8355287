import { stringify } from 'yaml';

/** Variables of the exporter, by name. */
export type Environment = Readonly<Record<string, string>>;

/** A lesson that `make check` measures beside others: what its plan sets for the instances 1 to k that it has alone. */
export type Sharing = { command: string; title: string; environment: Environment };

/** What the placement has to know of the exporter. */
export type Exporter = {
  /** what each instance may have on its own, and the first instance that may */
  ofInstance: readonly { variable: string; first: number }[];
  /** what is the first instance's alone */
  ofFirst: readonly string[];
  mostInstances: number;
};

/** The lessons of a state, one after another: each with the numbers of its instances there. */
export type Placement = { environment: Environment; instances: ReadonlyMap<Sharing, readonly number[]> };

/** An instance of a lesson, by its number where the lesson is alone. */
type Own = { lesson: Sharing; number: number; settings: Environment; rank: number };

/** What the exporter reads once for all its instances. */
const ofFleet = ['INSTANCES', 'COUNTER_START', 'TRAFFIC', 'LEAVES_AFTER'];

/**
 * Puts lessons into one exporter. An instance of which its lesson sets something gets a number of its own: first that of
 * a lesson that changes the first instance, then lesson by lesson, last the instance that leaves. An instance of which
 * its lesson sets nothing is any of the others.
 * @throws Error that names the lessons and the setting that cannot share one exporter
 */
export const placed = (lessons: readonly Sharing[], exporter: Exporter): Placement => {
  for (const lesson of lessons) refuseUnknown(lesson, exporter);
  for (const variable of ['TRAFFIC', 'LEAVES_AFTER']) refuseTwo(lessons, [variable], `${variable} is of one of them`);
  refuseTwo(lessons, exporter.ofFirst, 'there is one first instance');
  const starts = lessons.filter(({ environment }) => environment.COUNTER_START !== undefined);
  const [start] = starts;
  const other = starts.find(({ environment }) => environment.COUNTER_START !== start!.environment.COUNTER_START);
  if (other) throw new Error(`${start!.command} and ${other.command} cannot share a state: COUNTER_START is of all`);

  const own: (Own | undefined)[] = lessons
    .flatMap((lesson) => instancesOf(lesson, exporter))
    .sort((one, another) => one.rank - another.rank);
  // The first is the exporter's own target, and has no scrape job of its own.
  const isRefused = ({ variable, first }: Exporter['ofInstance'][number]) => first > 1 && own[0]?.settings[variable];
  if (exporter.ofInstance.some(isRefused)) own.unshift(undefined);
  const count = Math.max(own.length, ...lessons.map(countOf));
  // The one that leaves is the last, whoever else has more instances.
  const leaver = own.at(-1)?.rank === ranks.leaves ? own.pop() : undefined;
  const slots = [...own, ...Array<undefined>(count - own.length - (leaver ? 1 : 0)), ...(leaver ? [leaver] : [])];
  if (count > exporter.mostInstances) {
    const names = lessons.map(({ command }) => command).join(', ');
    throw new Error(`${names} need ${count} instances, and the exporter has ${exporter.mostInstances}: two states`);
  }
  const instances = new Map(
    lessons.map((lesson) => [
      lesson,
      slots.flatMap((slot, index) => (slot?.lesson === lesson ? [index + 1] : [])) as readonly number[],
    ]),
  );
  const settings = slots.flatMap((slot, index) =>
    Object.entries(slot?.settings ?? {}).map(([variable, value]) => [
      exporter.ofFirst.includes(variable) ? variable : `${variable}_${index + 1}`,
      value,
    ]),
  );
  const shared = lessons.find(({ environment }) => environment.TRAFFIC !== undefined);
  const leaving = lessons.find(({ environment }) => environment.LEAVES_AFTER !== undefined);
  return {
    environment: {
      INSTANCES: `${count}`,
      ...(start && { COUNTER_START: start.environment.COUNTER_START! }),
      ...(shared && { TRAFFIC: sharesOf(shared, slots) }),
      ...Object.fromEntries(settings),
      ...(leaving && { LEAVES_AFTER: leaving.environment.LEAVES_AFTER! }),
    },
    instances,
  };
};

const ranks = { first: 0, between: 1, leaves: 2 };

const countOf = ({ environment }: Sharing): number => Number(environment.INSTANCES ?? 1);

/** The instances of a lesson of which it sets something. */
const instancesOf = (lesson: Sharing, { ofInstance, ofFirst }: Exporter): Own[] => {
  const { environment } = lesson;
  const count = countOf(lesson);
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((number) => {
    const isFirst = number === 1 && ofFirst.some((variable) => variable in environment);
    const leaves = number === count && environment.LEAVES_AFTER !== undefined;
    const own = ofInstance.flatMap(({ variable, first }) => {
      const value = environment[`${variable}_${number}`] ?? (number >= first ? environment[variable] : undefined);
      return value === undefined ? [] : [[variable, value]];
    });
    const base = isFirst ? Object.entries(environment).filter(([variable]) => ofFirst.includes(variable)) : [];
    const settings = Object.fromEntries([...base, ...own]);
    if (Object.keys(settings).length === 0 && !leaves && environment.TRAFFIC === undefined) return [];
    return [{ lesson, number, settings, rank: isFirst ? ranks.first : leaves ? ranks.leaves : ranks.between }];
  });
};

/** Each turn of the traffic, with nothing for the instances of the other lessons. */
const sharesOf = (lesson: Sharing, slots: readonly (Own | undefined)[]): string =>
  lesson.environment
    .TRAFFIC!.split('/')
    .map((turn) => {
      const shares = turn.split(',');
      return slots.map((slot) => (slot?.lesson === lesson ? shares[slot.number - 1] : '0')).join(',');
    })
    .join('/');

const refuseUnknown = ({ command, environment }: Sharing, { ofInstance, ofFirst }: Exporter): void => {
  const known = [...ofFleet, ...ofFirst, ...ofInstance.map(({ variable }) => variable)];
  const unknown = Object.keys(environment).find((name) => !known.includes(name.replace(/_\d+$/, '')));
  if (unknown === undefined) return;
  throw new Error(`${command} cannot share a state: ${unknown} is of the whole exporter; leave measuredIn out`);
};

const refuseTwo = (lessons: readonly Sharing[], variables: readonly string[], why: string): void => {
  const those = lessons.filter(({ environment }) => variables.some((variable) => variable in environment));
  if (those.length < 2) return;
  throw new Error(`${those.map(({ command }) => command).join(' and ')} cannot share a state: ${why}`);
};

/** The environment as lines of a compose file, each setting below the lesson whose instances it is of. */
export const linesOf = ({ environment, instances }: Placement): string => {
  const line = ([name, value]: [string, string]) =>
    `      ${stringify({ [name]: value }, { singleQuote: true, lineWidth: 0 }).trimEnd()}`;
  const isOf = (number: number) => (name: string) => name.endsWith(`_${number}`);
  const numbered = [...instances].flatMap(([{ command, title }, numbers]) => {
    if (numbers.length === 0) return [];
    const where = numbers.length === 1 ? 'instance' : 'instances';
    const own = Object.entries(environment).filter(([name]) => numbers.some((number) => isOf(number)(name)));
    return [`      # ${command}, ${title}: ${where} ${numbers.join(', ')}`, ...own.map(line)];
  });
  const common = Object.entries(environment).filter(([name]) => !/_\d+$/.test(name));
  return [...common.map(line), ...numbered].join('\n');
};
