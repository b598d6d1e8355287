import { after, test } from 'node:test';
import { provePage } from '../../guide/test/page.browser.ts';
import { make } from '../support/commands.ts';
import { answersOk } from '../support/http.ts';
import { until } from '../support/until.ts';
import { lab, runtime } from './stack.ts';

/** The guide in a real headless Chromium, against the real lab. */

after(() => make('down'));

test('the page keeps its promises in a browser', async () => {
  // It asks for all series of the last minutes, and a fleet that has left would still be among them.
  await make('clean');
  await make('up');
  await provePage(lab.places.guide, {
    apply: async (step) => void (await make(step)),
    stop: (service) => runtime.stop(service),
    startAll: async () => {
      await make('up');
      await until('Prometheus to be ready', 30, () => answersOk(lab.health.prometheus));
    },
    say: console.log,
  });
});
