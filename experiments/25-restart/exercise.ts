import { isJudgement } from '../../lab/evidence/happening.ts';
import { midpointsOf } from '../../lab/judging/instants.ts';
import { lasting, whereMeasured } from '../../lab/judging/measurement.ts';
import type { Exercise, Expectation, Expected } from '../../lab/model/exercise.ts';
import { duration } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { inWindow } from '../../lab/promql/window.ts';
import { brief, firing, forState, type Restart } from './restart.ts';
import { type Measured, measure, verdict } from './verdict.ts';

const own = firing(brief.alert);
const active = forState(brief.alert);
/** Older than this no sample is of the last evaluation. */
const oldSeconds = 15;
const windowSeconds = 600;
const onlyLive = 'a Prometheus that is restarted';

export const exercises: readonly Exercise[] = [
  {
    task: `Write an expression that returns a series while \`${brief.alert}\` fires, and none while ALERTS merely shows that it did when Prometheus ended. A sample is too old after ${oldSeconds} seconds.`,
    start: own,
    hints: [
      'A query shows the newest sample of the last five minutes, unless a stale marker follows it.',
      'A Prometheus that was killed has written no marker. Only the age of the sample says so.',
      `\`last_over_time(…[${oldSeconds}s])\` looks no further back; so does a comparison of \`timestamp(…)\` with \`time()\`.`,
    ],
    answer: `last_over_time(${own}[${oldSeconds}s])`,
    why: 'ALERTS is a series like any other: after a restart it shows for five minutes what ended with the earlier Prometheus.',
    mistakes: [
      { query: own, why: 'this is shown for five minutes after the last evaluation, whether Prometheus runs or not' },
      {
        query: `ALERTS{alertname="${brief.alert}"}`,
        why: 'this is there while the alert is pending, too: nobody is notified of that',
      },
      { query: active, why: 'this says since when the alert is active: it is there while it is pending, too' },
      {
        query: `${own} unless on (alertname) ALERTS{alertname="${brief.alert}",alertstate="pending"}`,
        why: 'this is right once the alert is pending again, and wrong as long as Prometheus is down',
      },
    ],
    alsoRight: [
      `${own} and time() - timestamp(${own}) < ${oldSeconds}`,
      `present_over_time(${own}[${oldSeconds}s])`,
      `count_over_time(${own}[12s]) > 0`,
      `max(last_over_time(${own}[10s])) == 1`,
    ],
    alsoWrong: [
      `last_over_time(${own}[5m])`,
      `${own} and timestamp(${own}) > scalar(process_start_time_seconds{job="prometheus"})`,
      `time() - timestamp(${own}) < bool ${oldSeconds}`,
      `last_over_time(ALERTS{alertname="${brief.alert}"}[${oldSeconds}s])`,
      'dependency_up{dependency="database"} == 0',
      'vector(1)',
    ],
    onlyLive,
    expected: (read, lab) => afterRestart(read, lab, (measured, restart) => firingInstants(measured, restart)),
  },
  {
    task: `For how many seconds has \`${brief.alert}\` been active, its time before a restart and the outage of Prometheus included? Count from the earliest start that Prometheus has stored in the last ten minutes.`,
    start: `time() - ${active}`,
    hints: [
      `\`${active}\` is the unix time since which the alert is active, as of the last evaluation.`,
      'A restart sets it to a later time. The earlier one is still in the samples of the last ten minutes.',
      'The earliest of them is the lowest: `min_over_time(…[10m])`.',
    ],
    answer: `time() - min_over_time(${active}[10m])`,
    why: 'What a restart sets back is stored as it was: the history of ALERTS_FOR_STATE knows when it really began.',
    mistakes: [
      {
        query: `time() - ${active}`,
        why: 'this begins again with the restart, as `max_over_time()` does: the highest is the latest start',
      },
      { query: active, why: 'this is a unix time: subtract it from now' },
      {
        query: 'time() - process_start_time_seconds{job="prometheus"}',
        why: 'this is how long Prometheus runs, not the alert',
      },
      {
        query: `count_over_time(${own}[10m])`,
        why: 'this counts the evaluations at which it fired: none while it was pending, none while Prometheus was down',
      },
    ],
    alsoRight: [
      `time() - min_over_time(${active}[600s])`,
      `max(time() - min_over_time(${active}[10m]))`,
      `-(min_over_time(${active}[10m]) - time())`,
    ],
    alsoWrong: [
      `time() - max_over_time(${active}[10m])`,
      `time() - avg_over_time(${active}[10m])`,
      `min_over_time(${active}[10m])`,
      `time() - min_over_time(${active}[10s])`,
      `(time() - min_over_time(${active}[10m])) / 60`,
      `time() - min_over_time(timestamp(${own})[10m:1s])`,
    ],
    onlyLive,
    expected: (read, lab) =>
      afterRestart(read, lab, async (measured, { last, after }) => {
        const known = activeInstants(measured);
        const from = measured.stored.forStates(brief.alert)[0]?.at ?? lab.now;
        const samples = (await read.samples(active, lab.now - from + windowSeconds, lab.now)).flatMap(
          (each) => each.samples,
        );
        const right = (at: number): Expected => {
          const value = at - Math.min(...inWindow(samples, at, windowSeconds).map(([, activeAt]) => activeAt));
          return { at, number: [value, value] };
        };
        const before = known.filter((at) => at < last);
        // Within ten minutes of its first start, so that the earliest one is in the window.
        const later = known.filter((at) => at > after[2]! && at < from + windowSeconds);
        return [before.map(right), later.map(right)];
      }),
  },
];

/** Half-way between two evaluations that follow each other, at which the alert was active. */
const activeInstants = ({ stored, lab }: Measured): number[] =>
  midpointsOf(
    stored.forStates(brief.alert).map(({ at }) => at),
    1.5 * lab.evaluationSeconds,
  );

/** While it is pending, fires, is only shown or pending again, and fires again: as the evaluation before has left it. */
const firingInstants = (measured: Measured, { last, after }: Restart): Expected[][] => {
  const { stored, lab } = measured;
  const fires = stored.firing(brief.alert);
  const isFiring = (at: number) => fires.some((time) => time < at && at - time < lab.evaluationSeconds);
  const expected = (isTrue: boolean, times: readonly number[]) => times.map((at): Expected => ({ at, fires: isTrue }));
  const known = activeInstants(measured);
  const before = known.filter((at) => at < last);
  const tooOld = last + oldSeconds + 3;
  const again = fires.find((at) => at >= after[0]!) ?? lab.now;
  const shown = Array.from({ length: Math.max(0, Math.floor(again - tooOld)) }, (_, index) => tooOld + index);
  return [
    expected(
      false,
      before.filter((at) => !isFiring(at)),
    ),
    expected(true, before.filter(isFiring)),
    expected(false, shown),
    expected(
      true,
      known.filter((at) => at > again && isFiring(at)),
    ),
  ];
};

/** What both ask is there once the verdict has measured a restart, at evaluations that are near enough. */
const afterRestart = async (
  read: Reader,
  lab: Lab,
  instants: (measured: Measured, restart: Restart) => Expected[][] | Promise<Expected[][]>,
): Promise<Expectation> => {
  const command = 'make exp-25';
  const measured = await measure(read, lab);
  if (isJudgement(measured)) return whereMeasured(measured, command);
  const { restart } = measured;
  if (lab.evaluationSeconds > 5) {
    const reason = `the rules are evaluated every ${duration(lab.evaluationSeconds)}, and a sample is too old after ${oldSeconds} s`;
    return { kind: 'elsewhere', reason, type: `${command} EVALUATION_INTERVAL=5s` };
  }
  if (restart === undefined) {
    const reason = `Prometheus was not killed while ${brief.alert} fired`;
    return { kind: 'elsewhere', reason, type: 'make kill SERVICE=prometheus' };
  }
  const judgement = verdict(measured);
  if (judgement.kind !== 'measured') return whereMeasured(judgement, command);
  if (restart.after[0]! - restart.last < 2 * oldSeconds - 5) {
    const reason = 'Prometheus was down for less than half a minute: kill it, and start it 30 s later';
    return { kind: 'elsewhere', reason, type: 'make kill SERVICE=prometheus' };
  }
  const kinds = await instants(measured, restart);
  if (kinds.at(-1)!.length < 2) {
    return { kind: 'wait', seconds: 2 * lab.evaluationSeconds, reason: 'some more evaluations' };
  }
  // What was before the restart may be a single evaluation: between it and the next nothing is asked.
  const known = kinds.filter((each) => each.length > 0);
  const enough = lasting(lab, ...known);
  return whereMeasured(enough, command, ...known);
};
