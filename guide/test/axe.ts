import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Results = { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };

/** What axe finds wrong with the page for people who do not see, hear or point as others do; a line for each. */
export const axeFindings = async (page: Page): Promise<string[]> => {
  await page.evaluate(source);
  const { violations } = (await page.evaluate('axe.run()')) as Results;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
};
