import { createServer } from 'node:http';
import { createReader, observe } from '../../lab/api.ts';
import { hasPages } from '../../lab/places.ts';
import { ConfigError, parseConfig } from './config.ts';
import { createInbox } from './inbox.ts';
import { createLab } from './lab.ts';
import { createApp } from './server.ts';
import { askServices } from './services.ts';

const clock = () => Date.now() / 1000;

const start = () => {
  const { port, host, places } = parseConfig(process.env);
  const inbox = createInbox();
  const lab = createLab({
    places,
    clock,
    observe: () => observe(places),
    read: { ...createReader(places), notifications: async () => inbox.list() },
    askServices: () => askServices(places),
    hasPages: () => hasPages(places.prometheus),
  });
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, createApp(lab, inbox, clock));
  server.on('error', (error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EADDRINUSE' ? `PORT ${port} is taken by another process` : error.message;
    fail(`guide: cannot listen\n  ${reason}`);
  });
  server.listen(port, host, () => console.log(`guide: listening on port ${port}`));
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

try {
  start();
} catch (error) {
  if (error instanceof ConfigError) fail(error.message);
  throw error;
}
