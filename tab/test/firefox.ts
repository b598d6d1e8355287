import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/ports.ts';
import { findProgram } from '../../test/support/programs.ts';
import { until } from '../../test/support/until.ts';

/** Debian has it as firefox-esr. */
const program = findProgram('firefox-esr') ?? findProgram('firefox');

/** Why a test that needs Firefox is skipped; false where there is one. */
export const noFirefox: string | false = program === undefined && 'needs Firefox: it is not in PATH';

/** A page in a headless Firefox. */
export type Firefox = {
  open: (url: string) => Promise<void>;
  /** @param script  the body of a function in the page, which returns something that JSON can hold, or a promise of it */
  run: <Result>(script: string) => Promise<Result>;
  /** @returns a PNG of what is seen */
  screenshot: () => Promise<Buffer>;
  close: () => Promise<void>;
};

/** Long enough for a busy machine; nothing is waited for by time alone. */
const longestSeconds = 60;

/**
 * Starts Firefox, driven by its own protocol, Marionette: each command and each answer is a JSON array after its length.
 * Playwright drives a Firefox of its own alone.
 */
export const launchFirefox = async (): Promise<Firefox> => {
  const profile = mkdtempSync(join(tmpdir(), 'lab-firefox-'));
  const port = await freePort();
  writeFileSync(
    join(profile, 'user.js'),
    [`user_pref("marionette.port", ${port});`, 'user_pref("app.update.enabled", false);', ''].join('\n'),
  );
  const browser = spawn(program!, ['--marionette', '--headless', '--no-remote', '--profile', profile, 'about:blank'], {
    stdio: 'ignore',
    env: { ...process.env, HOME: profile },
  });
  const ended = once(browser, 'exit');
  const close = async () => {
    browser.kill('SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const send = session(await until('Firefox', longestSeconds, () => connected(port)));
    await send('WebDriver:NewSession', {});
    const milliseconds = longestSeconds * 1_000;
    await send('WebDriver:SetWindowRect', { width: 1366, height: 768 + 86 });
    await send('WebDriver:SetTimeouts', { script: milliseconds, pageLoad: milliseconds });
    return {
      open: async (url) => void (await send('WebDriver:Navigate', { url })),
      run: async <Result>(script: string) => {
        const answer = await send('WebDriver:ExecuteScript', { script, args: [] });
        return (answer as { value: Result }).value;
      },
      screenshot: async () => {
        const { value } = (await send('WebDriver:TakeScreenshot', { full: false })) as { value: string };
        return Buffer.from(value, 'base64');
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const connected = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

/** @returns sends a command and waits for its answer, one after the other */
const session = (socket: Socket): ((name: string, parameters: object) => Promise<unknown>) => {
  type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };
  const waiting = new Map<number, Waiting>();
  let received = Buffer.alloc(0);
  let last = 0;
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    for (;;) {
      const colon = received.indexOf(':');
      const length = Number(received.subarray(0, Math.max(0, colon)).toString());
      if (colon < 0 || received.length < colon + 1 + length) return;
      const text = received.subarray(colon + 1, colon + 1 + length).toString();
      received = received.subarray(colon + 1 + length);
      const content: unknown = JSON.parse(text);
      // The first that it sends says which protocol it speaks.
      if (!Array.isArray(content)) continue;
      const [, number, error, value] = content as [number, number, { error: string; message: string } | null, unknown];
      const { resolve, reject } = waiting.get(number)!;
      waiting.delete(number);
      if (error === null) resolve(value);
      else reject(new Error(`${error.error}: ${error.message}`));
    }
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox has ended'));
  });
  return (name, parameters) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      const text = JSON.stringify([0, last, name, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
};
