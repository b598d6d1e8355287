import type { RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import { listen } from '../../guide/src/listen.ts';

/** Serves on a free loopback port until the test ends. @returns the address, such as 127.0.0.1:40123 */
export const serve = async (t: Pick<TestContext, 'after'>, listener: RequestListener): Promise<string> => {
  const { port, close } = await listen(listener, '127.0.0.1', 0);
  t.after(() => close(0));
  return `127.0.0.1:${port}`;
};
