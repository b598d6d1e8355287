import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const program = process.env.CHROMIUM || '/usr/bin/chromium';

const flags = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

/** Why a test that needs a browser is skipped; false where there is one. */
export const noChromium: string | false = existsSync(program)
  ? false
  : `needs Chromium: there is none at ${program}, and CHROMIUM names no other`;

/** A headless Chromium that asks nothing of the internet. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: program,
    args: process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags,
  });
