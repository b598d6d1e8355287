import type { Experiment } from '../../lab/model/lesson.ts';
import type { Plan } from '../../lab/model/plan.ts';
import { alertmanagerOf, courseAround as around, reportedBy } from '../../lab/simulator/course.ts';
import { type Course, type Simulated, simulate } from '../../lab/simulator/lab.ts';
import type { Seen } from './settle.ts';

/** The lab that a lesson is tried in: the base lab with an hour of history, and five minutes later the change. */

export const start = 1_800_000_000;
/** When the change is there. */
export const changed = start + 300;

/** A lesson that can be simulated, with its plan. */
export type Simulable = Experiment & { plan: Plan };
export const isSimulable = (experiment: Experiment): experiment is Simulable => !('needs' in experiment.plan);

/** What the lab goes through around a change. @param parts  how Prometheus scrapes it */
export const courseAround = (plan: Plan, parts: Parameters<typeof around>[2]): Course =>
  around(plan, { start, changed }, parts);

/** What the lab's APIs say beside what is simulated. */
export const asReported =
  (plan: Plan) =>
  ({ read, lab }: Seen): Seen => ({ read, lab: reportedBy(plan, lab) });

/** When a fleet begins: in the past, since a real Prometheus that is sent its samples refuses those of the future. */
export const fleetStart = 1_700_000_000;

/** A fleet that began then, or at `start`, after a base lab of five minutes, as it is so many seconds later. */
export const fleetAfter = async (
  seconds: number,
  { environment, rules, alertmanager, silences }: Pick<Plan, 'environment' | 'rules' | 'alertmanager' | 'silences'>,
  scrapeSeconds: number,
  shift: number,
  start = fleetStart,
): Promise<Simulated> => {
  const lab = simulate({
    scrapeSeconds,
    phaseSeconds: shift * scrapeSeconds,
    lives: [
      { from: start - 300, to: start },
      { from: start, ...(environment && { environment }) },
    ],
    prometheusStartedAt: start - 300,
    ...(rules && { rules }),
    ...alertmanagerOf({ alertmanager, silences }, start),
  });
  await lab.advance(start + seconds);
  return lab;
};
