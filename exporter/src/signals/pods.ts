import { Gauge } from 'prom-client';
import { listOf, wholeNumber } from '../../../lab/settings/setting.ts';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import type { Scrape } from '../scrape.ts';
import { sumOf } from '../setting.ts';

/** The connections that are open in each pod: what a page says of several pods, and scrape jobs relabel. */
type Pods = { pods: readonly number[] };

const mostPods = 10;
/** Series that nobody asks for: what one wants to drop. */
const debugSeries = 3;
/** The label `instance` of a database, of which the page says something; a target has a label of that name, too. */
const database = 'db:5432';

const nameOf = (index: number): string => String.fromCharCode('a'.charCodeAt(0) + index);

const registerPods = ({ registry }: Scrape, { pods }: Instance & Pods): void => {
  const registers = [registry];
  const labelled = (name: string, help: string, label: string, values: [value: string, number: number][]) => {
    const gauge = new Gauge({ name, help, labelNames: [label], registers });
    for (const [value, number] of values) gauge.set({ [label]: value }, number);
  };
  labelled(
    'open_connections',
    'Connections that are open in each of the simulated pods.',
    'pod',
    pods.map((open, index) => [nameOf(index), open]),
  );
  const caches = Array.from({ length: debugSeries }, (_, index): [string, number] => [`${index + 1}`, 100]);
  labelled('debug_cache_entries', 'Something that only its developers want to know.', 'cache', caches);
  labelled('database_up', 'Whether a simulated database answers.', 'instance', [[database, 1]]);
};

/** What `/truth` reports of the pods: how many connections each has, all together at each instant, and what else there is. */
type PodsTruth = {
  open: { pod: string; connections: number }[];
  total: number[];
  debugSeries: number;
  database: string;
};

const podsTruth = ({ pods }: Pods, at: readonly number[]): PodsTruth => ({
  open: pods.map((connections, index) => ({ pod: nameOf(index), connections })),
  total: at.map(() => sumOf(pods)),
  debugSeries,
  database,
});

export const pods = scenario({
  settings: {
    pods: {
      variable: 'PODS',
      expected: `the connections of 2 to ${mostPods} pods, each a whole number from 1 to 1000, such as 7,5`,
      parse: (text) => {
        const all = listOf(text, mostPods, wholeNumber(1, 1_000).parse);
        return all && all.length > 1 ? all : undefined;
      },
      suchAs: '`7,5`',
      simulates: `\`open_connections{pod}\`: 7 in pod a, 5 in pod b; \`debug_cache_entries{cache}\`, ${debugSeries} series to drop; \`database_up{instance="${database}"}\``,
    },
  },
  simulated: ({ pods }: Partial<Pods>) => pods && 'pods',
  register: registerPods,
  truth: (instance, at) => ({ pods: podsTruth(instance, at) }),
  points: ({ pods }) => 1 + pods.length,
  reports: {
    pods: '`open`, the connections of each pod, their `total` at each instant, `debugSeries` and `database`',
  },
});
