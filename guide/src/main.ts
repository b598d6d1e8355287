import { join } from 'node:path';
import { createReader, observe } from '../../lab/running/api.ts';
import { leftOutFrom } from '../../lab/running/left-out.ts';
import { hasPages } from '../../lab/running/places.ts';
import { suppressionOf } from '../../lab/running/suppression.ts';
import { ConfigError } from '../../lab/settings/reader.ts';
import { exporterMilliseconds } from './answered.ts';
import { createAppliedStore } from './applied.ts';
import { createAsk } from './ask/prometheus.ts';
import { parseConfig } from './config.ts';
import { createExercises } from './exercises.ts';
import { createHealth } from './health.ts';
import { createInbox } from './inbox.ts';
import { createIncident, createIncidentStore } from './incident.ts';
import { createLab } from './lab.ts';
import { listen } from './listen.ts';
import { createOnCall } from './on-call.ts';
import { createSearch } from './search.ts';
import { createApp } from './server.ts';
import { askServices } from './services.ts';
import { createSite } from './site.ts';
import { createSolvedStore } from './solved.ts';

const clock = () => Date.now() / 1000;

const start = async () => {
  const { port, host, hostNames, places, dataFolder } = parseConfig(process.env);
  // Checks the settings and loads all of the code, as the image is made with.
  if (process.argv[2] === '--check') return;
  const leftOut = leftOutFrom(process.env.LEFT_OUT);
  const inbox = createInbox();
  const warn = (message: string) => console.error(`guide: ${message}`);
  const store = createSolvedStore(dataFolder && join(dataFolder, 'solved.json'), warn);
  const applied = createAppliedStore(dataFolder && join(dataFolder, 'applied.json'), warn);
  const observeLab = async () => {
    const last = applied.last();
    return { ...(await observe(places, exporterMilliseconds)), ...(last && { applied: last }) };
  };
  const search = createSearch({ observe: observeLab, store, clock });
  const read = {
    ...createReader(places),
    notifications: async () => inbox.list(),
    causeNamedAt: async () => search.namedAt(),
  };
  const exercises = createExercises({ observe: observeLab, read, store, clock });
  const incidentStore = createIncidentStore(dataFolder && join(dataFolder, 'incidents.json'), warn);
  const incidents = createIncident({ observe: observeLab, read, store: incidentStore, clock });
  const lab = createLab({
    places,
    clock,
    observe: observeLab,
    read,
    suppression: suppressionOf(places, read, clock),
    askServices: () => askServices(places, leftOut),
    hasPages: () => hasPages(places.prometheus),
  });
  const ask = createAsk(places, clock);
  const health = createHealth(places);
  const parts = {
    lab,
    ask,
    applied,
    inbox,
    exercises,
    health,
    search,
    incidents,
    site: createSite(),
    onCall: createOnCall(places),
    labId: places.labId,
  };
  const { close } = await listen(createApp(parts, clock, hostNames), host, port);
  console.log(`guide: listening on port ${port}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, async () => {
      await close();
      process.exit(0);
    });
  }
};

try {
  await start();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
