import type { Answer } from '../../lab/incidents/answer.ts';
import { instanceNames, instances, monitoring, of, routes } from '../../lab/incidents/fleet.ts';
import { calmSeconds } from '../../lab/incidents/incident.ts';
import { counterSteps, type Step, stateSteps, timesOf } from '../../lab/incidents/steps.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';

/**
 * Solves an incident as a patient learner does: with the stored samples alone, and what Alertmanager's API lists. It knows when the incident was started,
 * its level, and what the fleet is; neither the seed nor the truth.
 * @returns an answer for each thing that is wrong
 */
export const solve = async (read: Reader, lab: Lab, startedAt: number, level: number): Promise<Answer[]> => {
  const stored = (selector: string) => read.samples(selector, lab.now - startedAt - calmSeconds, lab.now);
  const found: Answer[] = [];
  const failing: { number: number; steps: Step[] }[] = [];
  for (let number = 1; number <= instances; number += 1) {
    const INSTANCE = instanceNames[number - 1]!;
    const values = async (metric: string) => {
      const series = await stored(of(metric, number));
      return { times: timesOf(series), at: new Map(series.flatMap(({ samples }) => samples)), series };
    };
    const up = await values('up');
    const errors = counterSteps(await stored(of('http_requests_total', number, 'code="500"')));
    if (errors.filter(({ shows }) => shows).length >= 4) failing.push({ number, steps: errors });

    const [all, fast] = await Promise.all([
      stored(of('http_request_duration_seconds_count', number)),
      stored(of('http_request_duration_seconds_bucket', number, 'le="0.5"')),
    ]);
    add(found, INSTANCE, 'latency', counterSteps(all, fast), 4);

    const began = await values('process_start_time_seconds');
    const starts = new Set(began.at.values());
    const down = stateSteps(up.times, (at) => up.at.get(at) === 0);
    const isDead = down.filter(({ shows }) => shows).length >= 4 && starts.size <= 2;
    if (isDead) add(found, INSTANCE, 'death', down, 1);
    else if (starts.size >= 3) {
      const startAt = (at: number) => began.times.findLast((time) => time <= at);
      const steps = stateSteps(
        up.times,
        (at, after) => up.at.get(at) === 0 || began.at.get(startAt(at)!) !== began.at.get(startAt(after)!),
      );
      add(found, INSTANCE, 'restarts', steps, 1);
    } else {
      const added = await values('scrape_series_added');
      const settled = added.times.filter((at) => at > startedAt + 2 * lab.scrapeSeconds + 12);
      const floods = stateSteps(settled, (at) => added.at.get(at)! >= 50);
      add(found, INSTANCE, 'cardinality', floods, 3);
    }
    const build = await stored(of('build_info', number));
    const versions = (at: number) => build.filter(({ samples }) => samples.some(([time]) => time === at)).length;
    const twice = stateSteps(timesOf(build), (at) => versions(at) > 1);
    const gap = gapIn(timesOf(await stored('version:requests:rate2m')), lab.evaluationSeconds);
    if (level < 3) add(found, INSTANCE, 'deploy', twice, 2);
    else if (twice.some(({ shows }) => shows) && gap !== undefined) {
      found.push({ INSTANCE: monitoring, CAUSE: 'rule', SINCE: gap[0], UNTIL: gap[1], LOST: 0 });
      add(found, INSTANCE, 'deploy', twice, 2);
    }
    const duration = await values('scrape_duration_seconds');
    add(
      found,
      INSTANCE,
      'slow-page',
      stateSteps(duration.times, (at) => duration.at.get(at)! > 0.3),
      3,
    );

    const celsius = await values('temperature_celsius');
    const same = stateSteps(celsius.times, (at, after) => celsius.at.get(at) === celsius.at.get(after));
    const stamps = timesOf(await stored(of('temperature_stamped_celsius', number)));
    const old = stateSteps(up.times, (at) => at - (stamps.findLast((time) => time <= at + 0.05) ?? 0) > 1);
    if (!isDead && same.filter(({ shows }) => shows).length >= 3) add(found, INSTANCE, 'stuck', old, 3);

    const away = gapIn(timesOf(await stored(of('requests_total', number))), lab.scrapeSeconds);
    const meanwhile = up.times.filter((at) => away !== undefined && at > away[0] && at < away[1]);
    const isScraped = meanwhile.some((at) => up.at.get(at) === 1);
    if (away !== undefined && meanwhile.every((at) => up.at.get(at) === 1)) {
      const CAUSE = isScraped ? 'relabelling' : 'discovery';
      found.push({ INSTANCE: monitoring, CAUSE, SINCE: away[0], UNTIL: away[1], LOST: 0 });
    }
  }
  const [own, all] = [await stored('process_start_time_seconds{job="prometheus"}'), await stored('up')];
  for (const began of new Set(own.flatMap(({ samples }) => samples.map(([, value]) => value)))) {
    const [last, next] = [timesOf(all).findLast((at) => at < began), timesOf(all).find((at) => at >= began)];
    if (began <= startedAt || last === undefined || next === undefined) continue;
    found.push({
      INSTANCE: monitoring,
      CAUSE: 'prometheus',
      SINCE: (last + began) / 2,
      UNTIL: (began + next) / 2,
      LOST: 0,
    });
  }
  for (const { startsAt, endsAt } of (await read.silences()) ?? []) {
    if (endsAt <= startedAt || startsAt > lab.now) continue;
    found.push({ INSTANCE: monitoring, CAUSE: 'silence', SINCE: startsAt, UNTIL: endsAt, LOST: 0 });
  }
  if (failing.length === instances) {
    for (const route of Object.keys(routes)) {
      const each = await stored(`http_requests_total{job="my_app",code="500",route="${route}"}`);
      const steps = instanceNames.map((name) => counterSteps(each.filter(({ labels }) => labels.instance === name)));
      if (steps.every((own) => own.filter(({ shows }) => shows).length >= 2))
        add(found, route, 'route', merged(steps), 2);
    }
  } else for (const { number, steps } of failing) add(found, instanceNames[number - 1]!, 'errors', steps, 4);
  return found;
};

const merged = (each: readonly Step[][]): Step[] => each.flat().sort((one, other) => one.at - other.at);

const add = (found: Answer[], INSTANCE: string, CAUSE: string, steps: readonly Step[], atLeast: number): void => {
  const showing = steps.filter(({ shows }) => shows);
  if (showing.length < atLeast) return;
  const [first, last] = [showing[0]!, showing.at(-1)!];
  const LOST = showing.reduce((sum, { lost }) => sum + lost, 0);
  found.push({ INSTANCE, CAUSE, SINCE: (first.after + first.at) / 2, UNTIL: last.at, LOST });
};

/** The longest time in which something was not stored. */
const gapIn = (times: readonly number[], everySeconds: number): [number, number] | undefined => {
  const gap = times
    .slice(1)
    .map((at, index) => [times[index]!, at] as const)
    .filter(([last, next]) => next - last > 1.5 * everySeconds)
    .sort(([one, two], [three, four]) => four - three - (two - one))[0];
  return gap && [gap[0] + everySeconds / 2, gap[1] - everySeconds / 2];
};
