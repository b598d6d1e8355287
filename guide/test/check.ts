import type { Page } from 'playwright-core';
import type { ServiceName } from '../../test/support/lab.ts';

/** How the lab is changed under the page; the caller knows in which runtime it runs. */
export type LabControl = {
  /** brings the lab into a step's state, such as `up` or `exp-5` */
  apply: (step: string) => Promise<void>;
  stop: (service: ServiceName) => Promise<void>;
  /** the base lab again, whatever was stopped; waits until Prometheus is ready */
  startAll: () => Promise<void>;
  say: (line: string) => void;
};

export type Check = (page: Page, lab: LabControl) => Promise<void>;

/** Opens a lesson with the keyboard, whatever chapter it is folded into. */
export const choose = async (page: Page, command: string): Promise<void> => {
  const button = page.locator(`button[data-command="${command}"]`);
  const chapter = page.locator('details.chapter', { has: button });
  if ((await chapter.getAttribute('open')) === null) await chapter.locator('summary').press('Enter');
  await button.press('Enter');
};
