import { createServer } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { ConfigError, parseConfig } from './config.ts';
import { createApp } from './server.ts';

const clock = () => Date.now() / 1000;

const start = () => {
  const { port, host, ...chosen } = parseConfig(process.env);
  const world = { ...chosen, startedAt: Math.round(clock() - process.uptime()) };
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, createApp(world, clock));
  server.on('error', (error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EADDRINUSE' ? `PORT ${port} is taken by another process` : error.message;
    fail(`exporter: cannot listen\n  ${reason}`);
  });
  server.listen(port, host, () => {
    console.log(
      `exporter: signal ${world.signal}, seed ${world.seed}, cores ${world.cores}, listening on port ${port}`,
    );
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      server.close(() => process.exit(0));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 500).unref();
    });
  }
};

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

// Between two scrapes there is nothing to be fast for: a quarter less memory for a tenth of a scrape's time.
setFlagsFromString('--optimize-for-size');

try {
  start();
} catch (error) {
  if (error instanceof ConfigError) fail(error.message);
  throw error;
}
