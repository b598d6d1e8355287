import { createServer, type Server } from 'node:http';
import { createServer as createSecure, type Server as SecureServer } from 'node:https';
import { setFlagsFromString } from 'node:v8';
import { ConfigError } from '../../lab/settings/reader.ts';
import { selfSigned } from './certificate.ts';
import { parseConfig } from './config.ts';
import { fleetOf } from './fleet.ts';
import { goneFrom, type Instance, instanceOf } from './instance.ts';
import { processMetrics } from './process.ts';
import { sendAll } from './push.ts';
import { simulatedBy } from './world.ts';

const clock = () => Date.now() / 1000;

const start = async () => {
  const config = parseConfig(process.env);
  // Between two scrapes there is nothing to be fast for: a quarter less memory for a tenth of a scrape's time.
  setFlagsFromString('--optimize-for-size');
  // Whoever only asks whether the settings are right, as each command does, does not wait for the web server's packages.
  const { createApp } = await import('./server.ts');
  const fleet = fleetOf(config, Math.round(clock() - process.uptime()));
  const shared = processMetrics();
  const secure: SecureServer[] = [];
  const servers = fleet.map((world, index) => {
    const app = createApp(world, clock, fleet, shared, config.hostNames, config.labId);
    const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, app);
    listen(server, config.port + index, config.host);
    if (Number.isFinite(goneFrom(world))) server.on('listening', () => leave(world, server));
    for (const { scenario } of simulatedBy(world)) {
      void sendAll(scenario.pushes?.(world) ?? [], clock);
      const tls = scenario.tls?.(world);
      if (tls === undefined) continue;
      const secured = createSecure(selfSigned(tls.name, tls.from, tls.to), app);
      listen(secured, tls.port, tls.host);
      secure.push(secured);
    }
    return server;
  });
  const [first] = fleet;
  servers[0]!.on('listening', () => {
    const ports =
      fleet.length === 1 ? `port ${config.port}` : `ports ${config.port} to ${config.port + fleet.length - 1}`;
    console.log(`exporter: signal ${first.signal}, seed ${first.seed}, cores ${first.cores}, listening on ${ports}`);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      const all = [...servers, ...secure];
      let open = all.length;
      for (const server of all) close(server, () => --open === 0 && process.exit(0));
    });
  }
};

const listen = (server: Server | SecureServer, port: number, host: string): void => {
  server.on('error', (error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EADDRINUSE' ? `PORT ${port} is taken by another process` : error.message;
    fail(`exporter: cannot listen\n  ${reason}`);
  });
  server.listen(port, host);
};

/**
 * Closes the port of an instance when its time has come, and the connections that are kept alive, as a host that dies
 * does: from then on each scrape fails.
 */
const leave = (world: Instance, server: Server): void => {
  const die = () => {
    server.close(() => console.log(`exporter: ${instanceOf(world)} has left`));
    server.closeAllConnections();
  };
  setTimeout(die, Math.max(0, goneFrom(world) - clock()) * 1_000).unref();
};

/** Ends what is under way politely, and what does not end at once after half a second. */
const close = (server: Server | SecureServer, done?: () => void): void => {
  server.close(done);
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 500).unref();
};

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

try {
  // The lab itself chooses where to listen: a HOST or a PORT of the user's shell is not about this.
  if (process.argv[2] === '--check') parseConfig({ ...process.env, HOST: '', PORT: '' });
  else await start();
} catch (error) {
  if (error instanceof ConfigError) fail(error.message);
  throw error;
}
