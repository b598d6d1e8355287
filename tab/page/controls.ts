import { byId, element } from '../../guide/page/dom.ts';
import type { Tab } from './source.ts';
import { type Knobs, usualKnobs } from './stage.ts';

/** Simulated seconds that pass in a second. */
const speeds = [0, 1, 10, 60];
const scrapes = [1, 2, 5, 10, 15, 30, 60];
const tickMilliseconds = 100;
/** An hour at once is simulated in parts, so that the page can answer meanwhile. */
const mostAtOnce = 120;

/** The bar of what only a simulated lab has: its time, and what can be turned. */
export const createControls = (tab: Tab) => {
  let speed = 1;
  let knobs: Knobs = usualKnobs;
  let shown = 'up';
  let isBusy = false;

  const again = async (command = shown) => {
    shown = command;
    isBusy = true;
    // Time goes on: the page keeps no answer of a time that has not come.
    await tab.begin(command, knobs, Math.ceil(tab.now) + 1);
    isBusy = false;
  };

  const buttons = speeds.map((each) =>
    element(
      'button',
      { type: 'button', click: () => choose(each), 'aria-pressed': String(each === speed) },
      each === 0 ? 'Pause' : `${each}×`,
    ),
  );
  const choose = (each: number) => {
    speed = each;
    for (const [index, button] of buttons.entries())
      button.setAttribute('aria-pressed', String(speeds[index] === each));
  };
  const leap = (seconds: number) => async () => {
    isBusy = true;
    for (let left = seconds; left > 0; left -= mostAtOnce) await tab.advance(Math.min(left, mostAtOnce));
    isBusy = false;
  };
  const select = (words: string, choices: readonly number[], value: number, set: (chosen: number) => void) => {
    const list = element(
      'select',
      { change: ({ target }) => set(Number((target as HTMLSelectElement).value)) },
      ...choices.map((each) => element('option', { value: String(each), selected: each === value }, `${each} s`)),
    );
    return element('label', {}, `${words} `, list);
  };
  const range = (words: string, value: number, most: number, set: (chosen: number) => void) => {
    const field = element('input', {
      type: 'range',
      min: '0',
      max: String(most),
      step: String(most / 20),
      value: String(value),
      change: ({ target }) => set(Number((target as HTMLInputElement).value)),
    });
    return element('label', {}, `${words} `, field);
  };
  const turn = (part: Partial<Knobs>) => {
    knobs = { ...knobs, ...part };
    void again();
  };

  byId('controls').replaceChildren(
    element('div.speeds', { role: 'group', 'aria-label': 'How fast time passes' }, ...buttons),
    element('button', { type: 'button', click: leap(60) }, '+1 min'),
    element('button', { type: 'button', click: leap(600) }, '+10 min'),
    select('scrape every', scrapes, knobs.scrapeSeconds, (scrapeSeconds) => turn({ scrapeSeconds })),
    range('phase', knobs.phase, 0.95, (phase) => turn({ phase })),
    element(
      'label',
      {},
      'seed ',
      element('input', {
        type: 'number',
        value: String(knobs.seed),
        min: '1',
        max: '9999',
        change: ({ target }) => turn({ seed: Number((target as HTMLInputElement).value) || 1 }),
      }),
    ),
    element('button', { type: 'button', click: () => void again() }, 'Begin again'),
    element('span.quiet', {}, 'Real: Prometheus’ own engine answers. Simulated: scrapes, Alertmanager, time.'),
  );

  byId('controls').removeAttribute('aria-busy');

  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    const passed = (now - last) / 1_000;
    last = now;
    if (speed > 0 && !isBusy && !document.hidden) void tab.advance(Math.min(passed, 1) * speed);
  }, tickMilliseconds);

  return {
    /** The lesson that is shown begins, where it is another one. */
    show: (command: string) => {
      if (command !== shown) void again(command);
    },
  };
};
