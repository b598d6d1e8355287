import { instancesIn } from '../../lab/evidence/fleet.ts';
import { isJudgement } from '../../lab/evidence/happening.ts';
import { tooFewSamples } from '../../lab/judging/expectation.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import type { Exercise, Expected } from '../../lab/model/exercise.ts';
import { instanceName, job } from '../../lab/model/metrics.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { lookbackSeconds } from '../../lab/promql/window.ts';
import { last, plainGauge, selector, stampedGauge } from './findings.ts';
import { look, verdict } from './verdict.ts';

const seconds = 15;
const window = `${seconds}s`;
const command = 'make exp-16';
const own = selector({ metric: stampedGauge, job, instance: instanceName() });

export const exercises: readonly Exercise[] = [
  {
    task: `Write the expression of an alert that is true once ${stampedGauge} of ${instanceName()} was not measured for ${seconds} seconds, although Prometheus shows it for five minutes more.`,
    start: `absent(${own})`,
    hints: [
      'The value looks as it always does. Only its age shows that it is old.',
      '`timestamp()` is when a sample was measured, and `time()` is now.',
      'An alert is true where a comparison leaves a series: compare the difference of the two.',
    ],
    answer: `time() - timestamp(${own}) > ${seconds}`,
    why: 'Where an exporter sends timestamps of its own, alert on the age of the sample: its absence comes five minutes late.',
    mistakes: [
      {
        query: `absent(${own})`,
        why: 'this is never true as long as the dead value is shown: five minutes too late',
      },
      {
        query: `absent(${plainGauge}{job="${job}",instance="${instanceName()}"})`,
        why: 'this is the other gauge, which Prometheus itself gives its timestamps: it is stale with the next scrape',
      },
      {
        query: `time() - timestamp(${own})`,
        why: 'this is the age of the sample, and an alert is true where any series is returned: compare it',
      },
      {
        query: `time() - timestamp(${own}) > 5`,
        why: 'five seconds is the time between two scrapes: this comes too early, and where a scrape is late it is a false alarm',
      },
      {
        query: `changes(${own}[${window}]) == 0`,
        why: 'this is true as long as one last sample is in the window, and then there is nothing left to count',
      },
    ],
    alsoRight: [
      `absent_over_time(${own}[${window}])`,
      `timestamp(${stampedGauge}{job="my_app"}) < time() - ${seconds}`,
      `${stampedGauge}{job="my_app"} unless last_over_time(${stampedGauge}{job="my_app"}[${window}])`,
      `time() - timestamp(${own}) >= ${seconds} or absent(${own})`,
    ],
    alsoWrong: [
      `time() - timestamp(${own}) > 10`,
      `time() - timestamp(${own}) > 30`,
      `time() - timestamp(${own}) > 60`,
      `time() - timestamp(${own}) > bool ${seconds}`,
      `absent_over_time(${own}[1m])`,
      `absent_over_time(${own}[10s])`,
      `time() - timestamp(last_over_time(${own}[5m])) > ${seconds}`,
      'up{instance="exporter:8000"} == 0',
      'vector(1)',
    ],
    slowestSeconds: 5,
    expected: async (read, lab) => {
      const problem = tooFewSamples(seconds, 3, `${command} SCRAPE_INTERVAL=5s`)(lab);
      const measured = await look(read, lab);
      if (problem && instancesIn(lab).some(({ simulates }) => simulates.includes('timestamps'))) return problem;
      if (isJudgement(measured)) return whereMeasured(measured, command);
      return whereMeasured(verdict(measured), command, ...instantsOf(measured.stamped.samples));
    },
  },
];

/** So near to an edge nothing is asked. */
const margin = 1;

/**
 * Instants while the gauge is measured, when its last sample is nearly old enough, when it just is, and until it is
 * shown no more. What is not over yet may be asked for, too: no sample will come.
 * @param samples  of the gauge that has stopped, at the times at which they were measured
 */
export const instantsOf = (samples: readonly Sample[]): Expected[][] => {
  const [first, end] = [samples[0]![0], last({ samples })];
  const at = (from: number, until: number, step: number, fires: boolean): Expected[] =>
    Array.from({ length: Math.floor((until - from) / step) + 1 }, (_, index) => ({ at: from + index * step, fires }));
  return [
    at(first + 0.5, end, 1, false),
    at(end + seconds - 3 * margin, end + seconds - margin, 1, false),
    at(end + seconds + margin, end + seconds + 3 * margin, 1, true),
    at(end + 2 * seconds, end + lookbackSeconds - margin, 20, true),
  ];
};
