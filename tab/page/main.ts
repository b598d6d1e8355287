import { byId, element } from '../../guide/page/dom.ts';
import { start } from '../../guide/page/page.ts';
import type { Source } from '../../guide/page/source.ts';
import { createControls } from './controls.ts';
import { loadEngine } from './load.ts';
import { createSolved } from './solved.ts';
import { createTab } from './source.ts';
import { usualKnobs } from './stage.ts';

/** The world begins now, as a lab that somebody starts. */
const startAt = Math.floor(Date.now() / 1_000);

const run = async () => {
  const shown = byId('picture-wait');
  const makeEngine = await loadEngine((words) => {
    shown.textContent = words;
  });
  const tab = createTab(makeEngine(), createSolved(), usualKnobs, startAt);
  await tab.begin('up', usualKnobs, startAt);
  const controls = createControls(tab);
  shown.textContent = '';
  // A lesson that is opened begins: here nothing has to be typed for it.
  const source: Source = {
    ...tab.source,
    picture: (step, seconds) => {
      controls.show(step);
      return tab.source.picture(step, seconds);
    },
  };
  start(source);
  keepForLater().catch(() => {});
};

/** For a browser without a network. Where the address is http to another machine, browsers keep nothing. */
const keepForLater = async () => {
  const registration = await navigator.serviceWorker?.register('service-worker.js');
  // A browser looks for a newer one when it likes.
  if (registration?.active) await registration.update();
};

run().catch((error: Error) => {
  byId('notice').hidden = false;
  byId('notice').replaceChildren(element('p', {}, `The lab cannot run in this browser: ${error.message}.`));
});
