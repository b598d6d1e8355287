import { quoted } from '../../lab/settings/quoted.ts';

/** What else may be typed after a make target or stand in .env: what the commands themselves read. */
const ofCommands = [
  ...['LEVEL', 'INSTANCE', 'SINCE', 'UNTIL', 'LOST'],
  ...['RUNTIME', 'ARGS', 'QUERY', 'NUMBER', 'HINT', 'ANSWER', 'FAULT', 'CAUSE', 'TELL', 'SERVICE', 'QUERY_URL', 'DOCS'],
  ...['EXPR', 'FOR', 'KEEP', 'RULES', 'SCENARIO'],
  ...['GRAFANA_ADMIN_PASSWORD_FILE', 'GRAFANA_HOME', 'PART', 'SEED', 'SMOKE', 'LAB', 'PORTS'],
  // Which an experiment's services and the lab in a tab need beyond compose.yaml.
  ...['ENGINE_PORT', 'THANOS_IMAGE', 'PUSHGATEWAY_IMAGE', 'BLACKBOX_IMAGE', 'VICTORIAMETRICS_IMAGE', 'GO_IMAGE'],
];

/** What a service reads and only a file laid over compose.yaml sets: why one does not reach it otherwise. */
const ofOverrides = [
  ...['METRICS_PATH', 'RELABEL', 'SCRAPE_SCHEME', 'TARGET_ADDRESS', 'SHARD', 'REPLICA', 'HISTORY_SECONDS'],
];

/** What a setting was called before: it would be dropped without a word. */
const renamed: Readonly<Record<string, string>> = { ENGINE_TARGETS: 'THANOS_TARGETS' };

export type Names = {
  /** the settings that compose.yaml fills in */
  handedOn: readonly string[];
  /** typed on make's command line */
  typed: readonly string[];
  /** in .env */
  written: readonly string[];
  /** set in the environment, with a number behind the name, such as LATENCY_3 */
  numbered: readonly string[];
};

/**
 * What would be dropped without a word. Of the user's environment nothing is the lab's business but a setting of one
 * instance that no file hands on; what is typed or written down is meant for the lab.
 * @returns what is refused, a sentence each, and what is said of the rest
 */
export const unknownSettings = ({
  handedOn,
  typed,
  written,
  numbered,
}: Names): { problems: string[]; notes: string[] } => {
  const known = new Set([...handedOn, ...ofCommands]);
  const ofInstances = new Set(handedOn.flatMap((name) => /^(.*)_\d+$/.exec(name)?.[1] ?? []));
  // Every setting that has a name without a number may have one.
  const isOfInstance = (name: string) => {
    const base = /^([A-Z_]+)_\d+$/.exec(name)?.[1];
    return base !== undefined && (ofInstances.has(base) || handedOn.includes(base));
  };
  const problems: string[] = [];
  const notes: string[] = [];
  const meant = [...new Set([...typed, ...written])].filter((name) => !known.has(name));
  for (const name of numbered.filter((each) => !known.has(each) && !meant.includes(each) && isOfInstance(each))) {
    meant.push(name);
  }
  for (const name of meant.sort()) {
    const place = typed.includes(name) ? '' : written.includes(name) ? ' in .env' : ' in the environment';
    const nearest = nearestOf(name, known);
    if (isOfInstance(name)) {
      const own = handedOn.filter((each) => /_\d+$/.test(each)).join(', ');
      const rest = 'a file laid over compose.yaml may set any';
      problems.push(`${name}${place} is not handed on to the exporter. Of one instance these are: ${own}; ${rest}`);
    } else if (Object.hasOwn(renamed, name)) {
      problems.push(`${name}${place} is called ${renamed[name]} now`);
    } else if (ofOverrides.includes(name)) {
      problems.push(`${name}${place} is not handed on: a file laid over compose.yaml may set it`);
    } else if (nearest !== undefined) {
      problems.push(`${name}${place} is no setting: did you mean ${nearest}?`);
    } else {
      notes.push(`${quoted(name).slice(1, -1)}${place} is no setting of the lab, and changes nothing`);
    }
  }
  return { problems, notes };
};

/**
 * What was typed after a command that only asks the lab that runs: no setting counts there, and a name that is wrong
 * would be dropped without a word.
 */
export const typedInVain = (
  handedOn: readonly string[],
  typed: readonly string[],
): ReturnType<typeof unknownSettings> => {
  const { problems, notes } = unknownSettings({ handedOn, typed, written: [], numbered: [] });
  const settings = typed.filter((name) => handedOn.includes(name));
  const words = settings.map((name) => `${name} changes nothing here: it is for make up, and for every other step`);
  return { problems, notes: [...notes, ...words] };
};

/** The known name that a wrong one was probably meant to be: a letter or two differ, or it is there but for its case. */
const nearestOf = (name: string, known: ReadonlySet<string>): string | undefined => {
  const close = [...known]
    .map((each) => ({ each, distance: distanceBetween(name.toUpperCase(), each) }))
    .filter(({ each, distance }) => distance <= (each.length > 5 ? 2 : 1))
    .sort((one, other) => one.distance - other.distance);
  return close[0]?.each;
};

/** How many letters have to be put in, taken out, replaced or swapped with the next (optimal string alignment). */
export const distanceBetween = (one: string, other: string): number => {
  const rows = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  for (let row = 1; row <= one.length; row += 1) {
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const candidates = [
        rows[row - 1]![column]! + 1,
        rows[row]![column - 1]! + 1,
        rows[row - 1]![column - 1]! + (isSame ? 0 : 1),
      ];
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwapped) candidates.push(rows[row - 2]![column - 2]! + 1);
      rows[row]![column] = Math.min(...candidates);
    }
  }
  return rows[one.length]![other.length]!;
};
