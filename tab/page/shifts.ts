import type { Shifts } from '../../guide/page/on-call/source.ts';
import { SourceError } from '../../guide/page/source.ts';
import { RequestError } from '../../guide/src/errors.ts';
import { readChoices } from '../../guide/src/query.ts';
import { beginOf, scenarios, seeds } from '../../lab/backtest/scenarios.ts';
import { type Scenario, type Shift, shiftSeconds } from '../../lab/backtest/shift.ts';
import type { Reader } from '../../lab/model/reader.ts';
import {
  judgeTyped,
  type OnCall,
  references,
  type ShownExperiment,
  scenarioNames,
  shownScenario,
} from '../../lab/running/on-call.ts';
import type { Service } from '../../lab/running/service.ts';
import { asking, readings } from '../../lab/running/service-api.ts';
import { type Engine, SampleBytes } from './engine.ts';
import { engineData } from './reading.ts';

const service: Service = { name: 'the engine', of: 'step' };

/** Longer than this the page is not kept waiting: what is typed and clicked is answered in between. */
const mostMilliseconds = 30;

/** @returns waits a moment, where the page has waited for long enough */
const breathing = (): (() => Promise<void>) => {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < mostMilliseconds) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  };
};

/** Hands a shift to an engine. @param numbers  by which it knows each series so far, by its labels */
const storeShift = (engine: Engine, { series }: Shift, begin: number, numbers: Map<string, number>): void => {
  const keys = series.map(({ labels }) => JSON.stringify(labels));
  const made = series.filter((_, index) => !numbers.has(keys[index]!));
  engine.series(made.map(({ labels }) => labels));
  for (const { labels } of made) numbers.set(JSON.stringify(labels), numbers.size);
  const samples = new SampleBytes(series.reduce((sum, each) => sum + each.samples.length + each.staleAt.length, 0));
  for (const [index, each] of series.entries()) {
    const all: [number, number | undefined][] = [...each.samples, ...each.staleAt.map((at) => [at, undefined] as const)]
      .map(([at, value]): [number, number | undefined] => [begin + at, value])
      .sort(([one], [other]) => one - other);
    for (const [at, value] of all) samples.add(numbers.get(keys[index]!)!, at, value, at);
  }
  engine.add(samples.bytes);
};

type ShiftsReader = Pick<Reader, 'range' | 'ask'>;

/** Stores every shift of a scenario in an engine of its own. @returns who answers by them */
const holding = async (engine: Engine, scenario: Scenario, breathe: () => Promise<void>): Promise<ShiftsReader> => {
  const numbers = new Map<string, number>();
  for (const seed of seeds) {
    storeShift(engine, scenario.shift(seed), beginOf(scenario, seed), numbers);
    await breathe();
  }
  const end = beginOf(scenario, seeds.at(-1)!) + shiftSeconds;
  const data = engineData((path, parameters) => engine.get(path, parameters, end), service);
  return {
    range: async (...question) => {
      await breathe();
      return readings(data, service, service.name).range(...question);
    },
    ask: asking(data, service, service.name),
  };
};

/**
 * The page On call without a guide: the engine holds the shifts, those of a scenario once it is opened.
 * @param engine        where it comes; what it throws is said in place of a score
 * @param experimentOf  by its slug
 */
export const tabShifts = (engine: Promise<() => Engine>, experimentOf: (slug: string) => ShownExperiment): Shifts => {
  const breathe = breathing();
  const readers = new Map<string, Promise<ShiftsReader>>();
  const known = new Map<string, Promise<OnCall>>();

  const readerOf = (name: string): Promise<ShiftsReader> => {
    const scenario = scenarios.find((each) => each.name === name)!;
    const reader = readers.get(name) ?? engine.then((make) => holding(make(), scenario, breathe));
    readers.set(name, reader);
    return reader;
  };
  const referencesIn = (name: string): Promise<OnCall> => {
    const answer = known.get(name) ?? readerOf(name).then((read) => references(read, name));
    known.set(name, answer);
    return answer;
  };
  /** Without an engine there is no answer, however long anybody waits. */
  const withEngine = async (answer: () => Promise<OnCall>): Promise<OnCall> => {
    const lacks = await engine.then(
      () => undefined,
      (error: Error) => error.message,
    );
    return lacks === undefined
      ? answer()
      : { kind: 'lacking', reason: `no rule can be evaluated in this browser: ${lacks}` };
  };

  return {
    scenario: (name = scenarioNames[0]!) => ({
      name: `scenario ${name}`,
      ask: async () => {
        try {
          readChoices({ scenario: name }, { scenario: scenarioNames });
          return shownScenario(name, experimentOf);
        } catch (error) {
          throw error instanceof RequestError ? new SourceError(error.message) : error;
        }
      },
    }),
    references: (name) => ({ name: `references ${name}`, ask: () => withEngine(() => referencesIn(name)) }),
    judge: (name, rule) => ({
      name: `judge ${name} ${JSON.stringify(rule)}`,
      ask: (signal) =>
        withEngine(async () => {
          const [read, own] = await Promise.all([readerOf(name), referencesIn(name)]);
          const asked: ShiftsReader = {
            ...read,
            range: (...question) => {
              if (signal.aborted) throw new SourceError('another rule was typed meanwhile');
              return read.range(...question);
            },
          };
          return judgeTyped(asked, name, rule, own.kind === 'references' ? own.references : [], experimentOf);
        }),
    }),
  };
};
