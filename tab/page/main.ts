import { steps } from '../../experiments/catalogue.ts';
import { start } from '../../guide/page/page.ts';
import type { Source } from '../../guide/page/source.ts';
import { readPlace } from './address.ts';
import { createControls } from './controls.ts';
import { keepForLater } from './keep.ts';
import { loadEngine } from './load.ts';
import { createSecond } from './second.ts';
import { createSolved } from './solved.ts';
import { createTab } from './source.ts';

/** What is long is simulated in slices, so that the page can do what it waits for in between. */
const sliceMilliseconds = 10;
const slices = {
  slice: () => {
    const begun = performance.now();
    return () => performance.now() - begun >= sliceMilliseconds;
  },
  pause: () => new Promise((resolve) => setTimeout(resolve)),
};

const run = async () => {
  // The largest file by far is under way while the rest begins.
  let say = (_words: string) => {};
  const engine = loadEngine((words) => say(words));
  engine.catch(() => {});
  const { place, problems } = readPlace(
    location.search,
    steps.map(({ command }) => command),
  );
  // The world begins now, as a lab that somebody starts, unless the link says when.
  const begun = place.begun ?? Math.floor(Date.now() / 1_000);
  const { lesson, knobs, incident } = place;
  const tab = createTab({ store: createSolved(), lesson, knobs, begun, incident, slices });
  await tab.start(place.at);
  if (place.beside !== undefined) await tab.scrapeBeside(place.beside);

  let shownSeconds: number | undefined;
  let refresh = () => {};
  const controls = createControls(tab, place, () => refresh());
  const wrong = problems.length > 0 ? [`The link is not whole: ${problems.join('; ')}.`] : [];
  controls.warn(wrong);
  // A lesson that is opened begins: here nothing has to be typed for it.
  const source: Source = {
    ...tab.source,
    picture: (step, seconds) => {
      shownSeconds = seconds;
      controls.show(step);
      return tab.source.picture(step, seconds);
    },
  };
  const page = start(source);
  const second = createSecond(tab, () => shownSeconds);
  refresh = () => {
    page.refresh();
    second();
  };

  say = controls.say;
  try {
    await tab.setEngine(await engine);
    controls.say('Real: Prometheus’ own engine and rules. Simulated: scrapes, Alertmanager, time.');
  } catch (error) {
    const lacks = `${(error as Error).message}`;
    await tab.setEngine({ lacks: `no query is answered in this browser: ${lacks}` });
    controls.say('');
    controls.warn([...wrong, `Lessons and pictures only: ${lacks}.`]);
  }
  refresh();
  // Last: it asks for all files once more, which the browser then has.
  keepForLater().catch(() => {});
};

void run();
