/**
 * make screenshots: makes the pictures of the documents anew, from a copy of the lab with ports of its own.
 * RUNTIME=compose takes containers; natively it is by default. Some minutes; names of files as arguments make those alone.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../scripts/host/repository.ts';
import { copyLab } from '../bench/copy.ts';
import { launchChromium, noChromium } from '../support/chromium.ts';
import { shots } from './shots.ts';

if (noChromium) {
  console.error(`make screenshots ${noChromium}`);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const only = process.argv.slice(2);
const lab = await copyLab(repository, process.env.RUNTIME === 'compose' ? 'compose' : 'native');
const browser = await launchChromium();
try {
  let active: string | undefined;
  for (const { file, step, settings = [], part = 'html', height = 768, prepare } of shots) {
    if (only.length > 0 && !only.includes(file)) continue;
    if (step !== active) {
      console.error(`screenshots: make ${step}`);
      await lab.make(step, ...settings);
      active = step;
    }
    const page = await browser.newPage({ viewport: { width: 1366, height }, colorScheme: 'light' });
    await page.goto(`http://localhost:${lab.ports.guide}`);
    await page.locator(`button[data-command="${step}"][aria-current="step"]`).waitFor({ timeout: 60_000 });
    await prepare(page);
    const image = await page.locator(part).screenshot();
    writeFileSync(join(repository, 'docs', file), image);
    console.log(`docs/${file}  ${Math.round(image.length / 1_000)} kB`);
    await page.close();
  }
} finally {
  await browser.close();
  lab.remove();
}
