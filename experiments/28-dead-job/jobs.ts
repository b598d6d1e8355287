import { instancesIn } from '../../lab/evidence/fleet.ts';
import { clock } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Series } from '../../lab/promql/sample.ts';

/** The jobs that push, by the label that their group gives them: the first replaces its group, the second updates it. */
export const [byPut, byPost] = ['nightly', 'nightly_post'] as const;
export const [together, apart] = ['workers', 'workers_apart'] as const;
const gateway = 'pushgateway';

export const rows = 'batch_rows_total';
export const success = 'batch_success';
export const lastSuccess = 'batch_last_success_timestamp_seconds';
/** The Pushgateway writes it, for each group. */
export const pushed = 'push_time_seconds';
export const workerRows = 'worker_rows';
export const of = (metric: string, job: string): string => `${metric}{job="${job}"}`;

/** After so long without a run that succeeded the job is late. */
export const lateSeconds = 10;
export const late = { alert: 'BatchLate', expr: `time() - ${lastSuccess} > ${lateSeconds}` };
export const lateOrFailed = {
  alert: 'BatchLateOrFailed',
  expr: `time() - ${pushed}{job=~"nightly.*"} > ${lateSeconds} or ${success} == 0`,
};

/** A push that is not taken at once is sent again for so long. */
export const patienceSeconds = 5;

export const hasBatch = (lab: Lab): boolean => instancesIn(lab).some(({ simulates }) => simulates.includes('batch'));

/** What was stored, of the jobs and of their alerts. */
export const everything = `{job=~"${[gateway, byPut, byPost, together, apart].join('|')}"}`;

/** A scrape of the Pushgateway that was answered; what it brought of a metric and a job, by the label `instance`. */
export type Scrape = {
  at: number;
  durationSeconds: number;
  values: (metric: string, job: string) => readonly number[];
};

/** What one series of a scrape says; undefined where it is not there. */
export const said = ({ values }: Scrape, metric: string, job: string): number | undefined => values(metric, job)[0];

const ofGateway = (stored: readonly Series[], name: string) =>
  stored.find(({ labels }) => labels.__name__ === name && labels.job === gateway)?.samples ?? [];

/** @param stored  raw samples of `everything`: what a scrape brought carries its time */
export const scrapesIn = (stored: readonly Series[]): Scrape[] => {
  const durations = new Map(ofGateway(stored, 'scrape_duration_seconds'));
  const byTime = new Map<number, { name: string; job: string; value: number }[]>();
  for (const { labels, samples } of stored) {
    for (const [at, value] of samples) {
      const there = byTime.get(at) ?? [];
      there.push({ name: labels.__name__!, job: labels.job!, value });
      byTime.set(at, there);
    }
  }
  return ofGateway(stored, 'up')
    .filter(([, up]) => up === 1)
    .map(([at]) => ({
      at,
      durationSeconds: durations.get(at) ?? 0,
      values: (metric, job) =>
        byTime.get(at)!.flatMap((each) => (each.name === metric && each.job === job ? [each.value] : [])),
    }));
};

/** When the Pushgateway did not answer, or another one did, once it had: unix seconds, and a clause. */
export type Outage = { at: number; because: string };

/** The first outage, which ends what can be said of the jobs: it loses what was pushed, or shows it to nobody. */
export const outageIn = (stored: readonly Series[], [first, ...later]: readonly Scrape[]): Outage | undefined => {
  if (first === undefined) return undefined;
  const startOf = (scrape: Scrape) => said(scrape, 'process_start_time_seconds', gateway);
  const [silentAt] = ofGateway(stored, 'up').find(([at, up]) => at > first.at && up === 0) ?? [];
  const other = later.find((scrape) => startOf(scrape) !== startOf(first));
  if (silentAt !== undefined && silentAt < (other?.at ?? Number.POSITIVE_INFINITY))
    return { at: silentAt, because: `the Pushgateway did not answer the scrape of ${clock(silentAt)}` };
  return (
    other && {
      at: other.at,
      because: `the Pushgateway was started again at ${clock(startOf(other) ?? other.at)}, and what had been pushed before is lost`,
    }
  );
};
