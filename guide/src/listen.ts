import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../../lab/settings/reader.ts';

export type Listening = {
  port: number;
  /** Stops listening; connections that are still busy are cut after the grace. Returns when all are closed. */
  close: (graceMilliseconds?: number) => Promise<void>;
};

/**
 * Starts an HTTP server.
 * @param port  0 for any that is free
 * @throws ConfigError where the port or the address cannot be had
 */
export const listen = async (listener: RequestListener, host: string, port: number): Promise<Listening> => {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, listener);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError('guide', [code === 'EADDRINUSE' ? `PORT ${port} is taken by another process` : message]);
  }
  const close = async (graceMilliseconds = 500) => {
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    const force = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
    await closed;
    clearTimeout(force);
  };
  return { port: (server.address() as AddressInfo).port, close };
};
