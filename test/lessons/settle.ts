import assert from 'node:assert/strict';
import type { Lab } from '../../lab/model/lab.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { type Course, type Life, type Simulated, simulate } from '../../lab/simulator/lab.ts';

/** Every interval that the lab promises to work at, seconds. */
export const intervals: readonly number[] = [1, 2, 5, 7, 15, 30, 60];

/** A life of the base lab's exporter in few words. */
type ShortLife = Pick<Life, 'from' | 'to'> & { signal: string; seed?: number; cores?: number };

/** What a lab goes through, and until when a check may wait. */
export type Plan = Omit<Course, 'lives'> & { lives: readonly ShortLife[]; until: number };

const courseOf = ({ lives, until, ...course }: Plan): Course => ({
  ...course,
  lives: lives.map(({ signal, seed = 1, cores = 2, ...life }) => ({
    ...life,
    environment: { SIGNAL: signal, SIGNAL_SEED: `${seed}`, CORES: `${cores}` },
  })),
});

/** How a check sees the simulated lab, so that a test can change what it sees. */
export type Seen = { read: Reader; lab: Lab };

/** A check that reads something else of these. */
export const answering = (seen: Seen, read: Partial<Reader>): Seen => ({ ...seen, read: { ...seen.read, ...read } });

/** A check that waits asks again this often; lab/running/check.ts does the same. */
const askAgainSeconds = 2;

/**
 * Runs a check in simulated time as `make check-N` does: where it says to wait, so long, then again.
 * @param from   unix seconds at which it is first asked
 * @param change  what it sees instead
 * @returns the verdict, when it was reached and the first wait that was announced
 */
export const settle = (
  check: Lesson['check'],
  plan: Plan,
  from: number,
  change: (seen: Seen) => Seen = (seen) => seen,
): Promise<Settled> => settleIn(check, simulate(courseOf(plan)), from, plan.until, change);

type Settled = { verdict: Judgement; at: number; announced: number };

/** The same in a lab that is simulated already. */
export const settleIn = async (
  check: Lesson['check'],
  lab: Pick<Simulated, 'labAt' | 'readAt'> & Partial<Simulated>,
  from: number,
  until: number,
  change: (seen: Seen) => Seen = (seen) => seen,
): Promise<Settled> => {
  let announced: number | undefined;
  for (let now = from; ; ) {
    assert.ok(now <= until, `still waiting at ${now}`);
    await lab.advance?.(now);
    const seen = change({ read: lab.readAt(now), lab: lab.labAt(now) });
    const verdict = await check(seen.read, seen.lab);
    if (verdict.kind !== 'wait') return { verdict, at: now, announced: announced ?? 0 };
    assert.ok(Number.isFinite(verdict.seconds) && verdict.seconds > 0, JSON.stringify(verdict));
    announced ??= verdict.seconds;
    now += Math.min(askAgainSeconds, Math.ceil(verdict.seconds));
  }
};

/** What a check says at one instant, without waiting. */
export const judgedAt = async (
  check: Lesson['check'],
  plan: Plan,
  now: number,
  change: (seen: Seen) => Seen = (seen) => seen,
): Promise<Judgement> => {
  const lab = simulate(courseOf(plan));
  await lab.advance(now);
  const { read, lab: state } = change({ read: lab.readAt(now), lab: lab.labAt(now) });
  return check(read, state);
};
