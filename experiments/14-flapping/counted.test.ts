import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../lab/model/lab.ts';
import type { PictureData } from '../../lab/model/picture.ts';
import type { Notification } from '../../lab/model/reader.ts';
import { type Course, simulate } from '../../lab/simulator/lab.ts';
import { changed, courseAround } from '../../test/lessons/simulated.ts';
import { labOf, said } from '../../test/lessons/verdicts.ts';
import { episodesSaid, notificationsOf } from './counted.ts';
import { rules, written } from './flap.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

const plan = { environment: { SIGNAL: 'square' }, rules: written };
const shown = [rules.atOnce, rules.for10s, rules.for30s, rules.kept].map(({ alert }) => alert);
const numberOf = (words: string) =>
  /never/.test(words) ? 0 : /once/.test(words) ? 1 : Number(/fired (\d+)/.exec(words)![1]);

const inPicture = (lab: Lab | undefined, notifications: readonly Notification[]) =>
  picture.numbers({ lab, to: lab?.now, notifications } as PictureData);

/** Simulates the lesson, and compares whenever the check has measured. @returns how often that was */
const compared = async (course: Partial<Course>, until: number): Promise<number> => {
  const lab = simulate(courseAround(plan, { scrapeSeconds: 5, phaseSeconds: 1.7, evaluationPhase: 0.4, ...course }));
  let measured = 0;
  for (let now = changed + 60; now < changed + until; now += 7.3) {
    await lab.advance(now);
    const [read, state] = [lab.readAt(now), lab.labAt(now)];
    const judgement = await check(read, state);
    if (judgement.kind !== 'measured') continue;
    measured += 1;
    const claims = said(judgement);
    const inCheck = shown.map((alert) => numberOf(claims.find((words) => words.startsWith(`${alert},`))!));
    const notifications = (await read.notifications())!;
    const drawn = inPicture(state, notifications);
    const what = `${now - changed} s after the change`;
    assert.deepEqual(
      drawn.map(({ value }) => Number(value)),
      inCheck,
      what,
    );
    const inbox = claims.at(-1)!;
    for (const [index, alert] of shown.entries()) {
      const fired = Number(new RegExp(`${alert} (\\d+) fired`).exec(inbox)?.[1] ?? 0);
      assert.equal(fired, inCheck[index], `${alert} in the inbox, ${what}`);
    }
  }
  return measured;
};

test('picture, check and inbox count the same at the same time, also after more than ten minutes', async () => {
  const measured = await compared({}, 800);
  assert.ok(measured > 80, `${measured} times`);
});
test('they do so after a Prometheus that began later than the wave, whatever the CPU was then', async () => {
  for (const later of [5, 14, 23, 32]) {
    const parts = { prometheusStartedAt: changed + later };
    assert.ok((await compared(parts, 250)) > 10, `${later} s later`);
  }
});

const at = (startsAt: number, status: Notification['status'], endsAt?: number): Notification => ({
  alertname: 'FlapAtOnce',
  status,
  labels: {},
  annotations: {},
  startsAt,
  endsAt,
  receivedAt: startsAt + 3,
});
const start = 1_800_000_000;
const lab = labOf({
  now: start + 100,
  prometheusStartedAt: start - 600,
  exporter: { signal: 'square', seed: 1, startedAt: start, cores: 2 },
});

test('one episode is one, however many notifications say so', () => {
  const all = [at(start + 5, 'firing'), at(start + 5, 'firing'), at(start + 5, 'resolved', start + 25)];
  assert.deepEqual(episodesSaid(notificationsOf(all, 'FlapAtOnce', lab)), { fired: 1, resolved: 1 });
});
test('what fired before the wave, under another alert, or too late for its notification does not count', () => {
  const earlier = [at(start - 30, 'firing'), at(start - 30, 'resolved', start - 10)];
  const late = at(start + 96, 'firing');
  const counted = (alert: string) =>
    episodesSaid(notificationsOf([...earlier, late, at(start + 45, 'firing')], alert, lab));
  assert.deepEqual(counted('FlapAtOnce'), { fired: 1, resolved: 0 });
  assert.deepEqual(counted('FlapKept'), { fired: 0, resolved: 0 });
});
test('the picture has no numbers where another signal is simulated, or Prometheus does not answer', () => {
  const other = { ...lab, exporter: { ...lab.exporter!, signal: 'random' } };
  assert.deepEqual(inPicture(other, [at(start + 5, 'firing')]), []);
  assert.deepEqual(inPicture(undefined, []), []);
  assert.equal(inPicture(lab, [at(start + 5, 'firing')])[0]!.words, 'time FlapAtOnce fired since 08:00:00');
});
