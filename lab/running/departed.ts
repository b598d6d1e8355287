import type { ExporterState } from '../model/lab.ts';
import { instanceName, job, targetUp } from '../model/metrics.ts';
import type { Reader } from '../model/reader.ts';

type Target = { job?: string; instance?: string };

/** The fleet's targets that Prometheus shows as up or down. The clocks are not among them: nobody sums their wave. */
const shownTargets = `group by (job, instance) (${targetUp}{job=~"${job}.*"})`;

/**
 * The targets of a fleet that has left and that Prometheus still shows: until it has marked them as stale, they are
 * in every sum.
 * @param shown     the labels of `shownTargets`
 * @param exporter  what the exporter simulates now; undefined where it does not answer
 */
export const departedTargets = (
  shown: readonly Target[],
  exporter: Pick<ExporterState, 'fleet'> | undefined,
): Target[] => {
  const present: Target[] = [{ job, instance: instanceName() }, ...(exporter?.fleet ?? [])];
  return shown.filter((target) => !present.some((one) => one.job === target.job && one.instance === target.instance));
};

/** @returns the instances of a fleet that has left and that are still shown */
export const departedFrom = async (read: Reader, exporter: ExporterState | undefined): Promise<string[]> => {
  const shown = await read.query(shownTargets);
  const departed = departedTargets(
    shown.map(({ labels }) => labels),
    exporter,
  );
  return departed.map(({ instance = 'one without a label instance' }) => instance);
};
