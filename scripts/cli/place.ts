import { firstAddedPort, isPort, ports } from '../../lab/running/settings.ts';
import { quoted } from '../../lab/settings/quoted.ts';

type Values = Readonly<Record<string, string | undefined>>;

/** What is set for one command, and what the lab that runs has written down of its place. */
export type Given = {
  /** the make target, such as `up` */
  command: string;
  /** every setting, wherever it comes from */
  settings: Values;
  /** names that were typed on make's command line */
  typed: readonly string[];
  /** names whose value is the one of .env */
  written: readonly string[];
  /** what .env says of each name, also where something else takes precedence */
  dotEnv: Values;
  /** how far all ports are moved, such as +100 */
  moved: string | undefined;
  /** where the lab runs; empty where it does not */
  kept: Values;
};

/** Where the lab runs from now on, as NAME=VALUE, and what the learner reads about it. */
export type Place = { lines: string[]; problems: string[]; notes: string[]; settings: Record<string, string> };

const defaults: Record<string, string> = { BIND: '127.0.0.1', ...ports, ENGINE_PORT: firstAddedPort };
const most = 50_000;

/**
 * Where a lab runs is decided when it is started, and holds until make down. What is typed moves it; so does, at `make
 * up`, a setting of the environment or of .env that has changed since. Whatever else the settings of this moment say,
 * the lab stays.
 */
export const placeOf = (given: Given): Place => {
  const { moved, kept } = given;
  const by = moved === undefined || moved === '' ? undefined : offsetFrom(moved);
  if (Number.isNaN(by)) {
    const problem = `PORTS must be + and a whole number from 1 to ${most}, such as +100, got ${quoted(moved)}`;
    return { lines: [], problems: [problem], notes: [], settings: {} };
  }
  const settings: Record<string, string> = {};
  const notes: string[] = [];
  const stays: string[] = [];
  for (const name of Object.keys(defaults)) {
    const found = placed(name, given, by);
    settings[name] = found.value;
    if (found.note) notes.push(found.note);
    if (found.stays) stays.push(`${name}=${found.value}`);
  }
  if (stays.length > 0 && given.command === 'up') {
    notes.push(`it stays at ${stays.join(', ')}, where it was started; make down forgets that`);
  }
  const isNew = Object.keys(kept).length === 0;
  const lines = Object.keys(defaults).flatMap((name) => [
    `${name}=${settings[name]}`,
    ...remembered(name, given, isNew).map(([key, value]) => `${key}=${value}`),
  ]);
  return { lines, problems: [], notes, settings };
};

const offsetFrom = (text: string): number => {
  const offset = /^\+[1-9]\d{0,4}$/.test(text) ? Number(text) : Number.NaN;
  return offset <= most ? offset : Number.NaN;
};

/** What the settings said when the lab was started: what says the same later has not been changed. */
const ofEnvironment = (name: string): string => `ENVIRONMENT_${name}`;
const ofFile = (name: string): string => `DOT_ENV_${name}`;

/** What the environment said is not known. */
const hidden = 'hidden';

const plain = (text: string | undefined): string => (text !== undefined && /^[\w.]*$/.test(text) ? text : '');

/** At the start, and where the lab moves, the settings of now; else those that were kept. */
const remembered = (name: string, given: Given, isNew: boolean): [string, string][] => {
  const { settings, kept, command } = given;
  if (!isNew && command !== 'up') {
    return [ofEnvironment(name), ofFile(name)].flatMap((key) => (kept[key] === undefined ? [] : [[key, kept[key]]]));
  }
  const file: [string, string] = [ofFile(name), plain(given.dotEnv[name])];
  const source = sourceOf(name, given);
  // What is typed hides the environment from make.
  if (source === 'typed') return [[ofEnvironment(name), kept[ofEnvironment(name)] ?? hidden], file];
  return source === 'environment' ? [[ofEnvironment(name), plain(settings[name])], file] : [file];
};

const sourceOf = (name: string, { settings, typed, written }: Given): 'typed' | 'environment' | 'file' => {
  if (typed.includes(name)) return 'typed';
  return settings[name] && !written.includes(name) ? 'environment' : 'file';
};

const placed = (
  name: string,
  given: Given,
  by: number | undefined,
): { value: string; note?: string; stays?: boolean } => {
  const { settings, kept, command } = given;
  const now = settings[name] || defaults[name]!;
  const source = sourceOf(name, given);
  if (source === 'typed') return { value: now };
  if (by !== undefined && name !== 'BIND') return { value: isPort(now) ? String(Number(now) + by) : now };
  const here = kept[name];
  if (here === undefined || here === now) return { value: now };
  if (source === 'environment') {
    if ([now, hidden].includes(kept[ofEnvironment(name)] ?? '')) return { value: here };
    if (command === 'up') return { value: now };
    const move = `make up ${name}=${now} moves it`;
    return {
      value: here,
      note: `${name}=${now} of the environment does not count: the lab runs at ${here} until make down; ${move}`,
    };
  }
  const before = kept[ofFile(name)];
  if (command === 'up' && before !== undefined && before !== plain(given.dotEnv[name])) return { value: now };
  return { value: here, stays: true };
};

/** How many ports from EXPORTER_PORT on a fleet takes, and about how many from ENGINE_PORT on an experiment's services. */
const rows = { EXPORTER_PORT: 12, ENGINE_PORT: 24 };

/** What will be in each other's way once a step takes more than the base lab does; without Docker alone. */
export const rowNotes = (settings: Values): string[] =>
  Object.entries(rows).flatMap(([name, count]) => {
    const first = Number(settings[name]);
    const last = first + count - 1;
    const inside = Object.entries(settings).filter(
      ([other, port]) => other !== name && other !== 'BIND' && Number(port) > first && Number(port) <= last,
    );
    if (inside.length === 0) return [];
    const others = inside.map(([other, port]) => `${other} is ${port}`).join(', ');
    const who = name === 'EXPORTER_PORT' ? 'a fleet' : 'services of their own';
    return [`experiments with ${who} take ports ${first} to ${last} (${name}), and ${others}: change one`];
  });
