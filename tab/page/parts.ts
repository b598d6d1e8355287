import { createAsk } from '../../guide/src/ask/prometheus.ts';
import { createExercises } from '../../guide/src/exercises.ts';
import { createHealth } from '../../guide/src/health.ts';
import { createIncident, type IncidentStore } from '../../guide/src/incident.ts';
import { createLab } from '../../guide/src/lab.ts';
import { createSearch } from '../../guide/src/search.ts';
import type { SolvedStore } from '../../guide/src/solved.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Places } from '../../lab/running/places.ts';
import type { Stage } from './stage.ts';

/** By what name the simulated Prometheus is asked. */
export const host = 'prometheus';
const nowhere = { exporter: '', prometheus: '', alertmanager: '', guide: '', query: '', grafana: undefined };
/** Where the simulated services are: only the network of the tab knows them. */
const places: Places = {
  exporter: 'http://exporter',
  prometheus: `http://${host}`,
  alertmanager: 'http://alertmanager',
  guide: 'http://guide',
  query: 'http://query',
  labId: undefined,
  reach: () => undefined,
  browser: nowhere,
};

/** Everything that a Reader can be asked; a test of types that none is missing. */
const readings = Object.keys({
  query: true,
  ask: true,
  range: true,
  samples: true,
  truth: true,
  tsdb: true,
  metricNames: true,
  alertRule: true,
  alertFlags: true,
  exporterMetrics: true,
  notifications: true,
  alerts: true,
  silences: true,
  causeNamedAt: true,
  at: true,
} satisfies Record<keyof Reader, true>) as (keyof Reader)[];

/** The parts of the guide that answer the page. @param stage  the simulated lab that is open by then */
export const partsOf = (stage: () => Stage, store: SolvedStore, incidents: IncidentStore) => {
  const clock = () => stage().now;
  const observe = async () => stage().lab();
  const search = createSearch({ observe, store, clock });
  // What is read is read at the instant that the lab has come to by then.
  const reading = (of: () => Reader): Reader => {
    const now =
      (name: keyof Reader) =>
      (...given: unknown[]) =>
        (of()[name] as (...given: unknown[]) => unknown)(...given);
    return {
      ...(Object.fromEntries(readings.map((name) => [name, now(name)])) as unknown as Reader),
      causeNamedAt: async () => search.namedAt(),
    };
  };
  const read = reading(() => stage().read());
  const labOf = (read: Reader) =>
    createLab({
      places,
      clock,
      observe,
      read,
      suppression: async () => undefined,
      askServices: async () =>
        ['Exporter', 'Prometheus', 'Alertmanager'].map((name) => ({
          name,
          answers: true,
          link: undefined,
        })),
      hasPages: async () => false,
    });
  return {
    search,
    lab: labOf(read),
    pictures: labOf(reading(() => stage().readForPicture())),
    ask: createAsk(places, clock),
    exercises: createExercises({ observe, read, store, clock }),
    incidents: createIncident({ observe, read, store: incidents, clock }),
    health: createHealth(places),
  };
};

/** What the simulated Prometheus says of itself; queries and rules are the engine's. */
export const serviceOf = (stage: Stage, path: string, parameters: URLSearchParams): unknown => {
  const name = path.replace(/^\/api\/v1\//, '');
  if (name === 'targets') return { status: 'success', data: { activeTargets: targetsOf(stage), droppedTargets: [] } };
  return stage.get(name, parameters);
};

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

const targetsOf = (stage: Stage) =>
  stage
    .stored()
    .filter(({ labels, staleAt, samples }) => labels.__name__ === 'up' && (staleAt.at(-1) ?? 0) < samples.at(-1)![0])
    .map(({ labels: { __name__, ...labels }, samples }) => {
      const [at, value] = samples.at(-1)!;
      return {
        labels,
        scrapeUrl: `http://${labels.instance}/metrics`,
        health: value === 1 ? 'up' : 'down',
        lastError: value === 1 ? '' : (stage.lab().target?.lastError ?? 'connection refused'),
        lastScrape: iso(at),
        lastScrapeDuration: 0.005,
        scrapeInterval: `${stage.scrapeSeconds}s`,
      };
    });
