import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { start } from '../../exporter/test/worlds.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { fleet } from '../../lab/model/shared-state.ts';
import { type Rule, simulateFleet } from '../../lab/simulator/fleet.ts';
import type { StoredSeries } from '../../lab/simulator/query.ts';
import { repository } from '../../scripts/host/repository.ts';
import { intervals, type Seen, settleIn } from './settle.ts';
import { holds, sendsTo } from './verdicts.ts';

type Sweep = {
  check: Lesson['check'];
  /** what the experiment sets for the exporter */
  environment: Record<string, string>;
  rules?: readonly Rule[];
  /** at slower scrapes it may send elsewhere */
  measurableUpTo: number;
  quicker: string;
  /** queries that the simulated Prometheus cannot answer by itself */
  answers?: (read: Reader, stored: StoredSeries[]) => Partial<Reader>;
};

const seconds = 420;
const phases = [0.004, 0.31, 0.62, 0.97];

/** Holds right after the change at every interval and phase, with slow scrapes too, and waits as long as it said. */
export const sweep = ({ check, environment, rules = [], measurableUpTo, quicker, answers }: Sweep): void => {
  const holdsAt = async (
    scrapeSeconds: number,
    shift: number,
    durationOf?: (scrape: number) => number,
    set = environment,
  ) => {
    const phase = (target: number) => (shift + 0.37 * (target + 1)) % 1;
    const lab = await simulateFleet({
      environment: set,
      scrapeSeconds,
      phase,
      rules,
      seconds,
      ...(durationOf && { durationOf }),
    });
    const change = ({ read, lab: state }: Seen): Seen => ({
      lab: state,
      read: { ...read, ...answers?.(read, lab.storedAt(state.now)) },
    });
    const { verdict, at, announced } = await settleIn(check, lab, start + 3, start + seconds, change);
    if (verdict.kind === 'elsewhere' && scrapeSeconds > measurableUpTo) return sendsTo(verdict, quicker);
    holds(verdict);
    const passed = at - start - 3;
    if (scrapeSeconds === 5) assert.ok(passed <= 95, `${passed} s passed, ${announced} were announced`);
  };
  for (const shift of phases) {
    test(`beside the other experiments of make check it holds, at phase ${shift}`, () =>
      holdsAt(5, shift, undefined, sharedEnvironment()));
  }
  for (const scrapeSeconds of intervals) {
    for (const shift of phases) {
      test(`scraped every ${scrapeSeconds} s at phase ${shift} it holds`, () => holdsAt(scrapeSeconds, shift));
    }
    test(`scraped every ${scrapeSeconds} s, slow scrapes are no fault`, () =>
      holdsAt(scrapeSeconds, 0.62, (scrape) => (scrape % 3 === 0 ? 0.7 : 0.02)));
  }
};

/** What `make check` sets where several experiments share a state. */
const sharedEnvironment = (): Record<string, string> => {
  const [file] = fleet.overrides;
  const { services } = parse(readFileSync(join(repository, file!), 'utf8'));
  const pairs = Object.entries(services.exporter.environment).map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(pairs);
};
