import { hostAndPort } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import { type Push, scenario } from '../scenario.ts';

/** Batch jobs that end before anybody could scrape them, and push what they did to a Pushgateway. */
type Batch = { batch: string };

/**
 * A run of the nightly job: seconds after the start of the exporter, and whether it succeeded. Where all of the lab
 * starts, Prometheus begins after the exporter.
 */
const runs = [
  { after: 5, succeeds: true },
  { after: 7, succeeds: true },
  { after: 9, succeeds: true },
  { after: 25, succeeds: false },
];
const rowsOfARun = 1_000;
/** Workers that share a group of the Pushgateway, and the rows of each. */
const workers = [
  { worker: 'a', rows: 7, after: 6 },
  { worker: 'b', rows: 5, after: 7 },
];

/** How Prometheus' labels say it, for a Pushgateway everywhere. */
const instance = 'pushgateway:9091';
const contentType = 'text/plain; version=0.0.4';

const samplesOf = (at: number, succeeds: boolean): string => {
  const success = `# TYPE batch_success gauge\nbatch_success ${Number(succeeds)}\n`;
  if (!succeeds) return success;
  return [
    success,
    `# TYPE batch_rows_total counter\nbatch_rows_total ${rowsOfARun}\n`,
    `# TYPE batch_last_success_timestamp_seconds gauge\nbatch_last_success_timestamp_seconds ${at}\n`,
  ].join('');
};

/** What the jobs send: each run to two groups, which it replaces (PUT) and updates (POST). */
const pushesOf = ({ startedAt, batch }: Pick<Instance, 'startedAt'> & Batch): Push[] => {
  const to = (group: string) => `http://${batch}/metrics/job/${group}`;
  const nightly = runs.flatMap(({ after, succeeds }): Push[] => {
    const at = startedAt + after;
    const body = samplesOf(at, succeeds);
    return [
      { at, method: 'PUT', url: to('nightly'), contentType, body },
      { at, method: 'POST', url: to('nightly_post'), contentType, body },
    ];
  });
  const together = workers.flatMap(({ worker, rows, after }): Push[] => {
    const body = `# TYPE worker_rows gauge\nworker_rows ${rows}\n`;
    const put = (url: string): Push => ({ at: startedAt + after, method: 'PUT', url, contentType, body });
    return [put(to('workers')), put(`${to('workers_apart')}/instance/${worker}`)];
  });
  // A Pushgateway never forgets: what an earlier exporter has pushed is there still.
  const forget = [...new Set([...nightly, ...together].map(({ url }) => url))].map(
    (url): Push => ({ at: startedAt, method: 'DELETE', url }),
  );
  return [...forget, ...nightly, ...together].sort((one, other) => one.at - other.at);
};

/** What `/truth` reports of the jobs: each run, the rows of all that succeeded by an instant, and the workers. */
type BatchTruth = {
  runs: { at: number; rows: number; succeeded: boolean }[];
  rows: number[];
  workers: { worker: string; rows: number; at: number }[];
};

const batchTruth = ({ startedAt }: Instance, at: readonly number[]): BatchTruth => {
  const all = runs.map(({ after, succeeds }) => ({
    at: startedAt + after,
    rows: succeeds ? rowsOfARun : 0,
    succeeded: succeeds,
  }));
  return {
    runs: all,
    rows: at.map((instant) => all.reduce((sum, run) => sum + (run.at <= instant ? run.rows : 0), 0)),
    workers: workers.map(({ worker, rows, after }) => ({ worker, rows, at: startedAt + after })),
  };
};

export const batch = scenario({
  settings: {
    batch: {
      variable: 'BATCH',
      expected: hostAndPort.expected,
      parse: hostAndPort.parse,
      suchAs: '`pushgateway:9091`',
      simulates:
        'batch jobs that push to this Pushgateway: three runs of 1 000 rows, 2 s apart, and one that fails at 22 s; two workers in one group',
    },
  },
  isOfFirst: true,
  simulated: ({ batch }: Partial<Batch>) => batch && 'batch',
  pushes: pushesOf,
  targets: ({ batch }) => ({
    // Its labels are those of the jobs, not of the Pushgateway.
    my_app_honor_labels: [{ targets: [batch], labels: { job: 'pushgateway', instance } }],
  }),
  truth: (own, at) => ({ batch: batchTruth(own, at) }),
  points: () => 1 + runs.length + workers.length,
  reports: {
    batch:
      '`runs`, each with its rows and whether it succeeded, all `rows` by each instant, and the rows of the `workers` and when they push',
  },
});
