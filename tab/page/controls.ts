import { byId, element } from '../../guide/page/dom.ts';
import { clock } from '../../guide/page/words.ts';
import { incidentStep } from '../../lab/incidents/step.ts';
import { type Place, searchOf } from './address.ts';
import { createIncidentBar } from './incident-bar.ts';
import { type Knob, type Knobs, knobNames, knobs, usualKnobs } from './knobs.ts';
import type { Tab } from './source.ts';

/** Simulated seconds that pass in a second. */
const speeds = [0, 1, 10, 60];
const leaps = { '+1 min': 60, '+10 min': 600, 'An hour at once': 3_600 };
const tickMilliseconds = 100;
/** The address follows the time that passes so often. */
const saveMilliseconds = 5_000;
/** An hour at once is simulated in parts, so that the page can answer meanwhile. */
const mostAtOnce = 120;

/**
 * The bar of what only a simulated lab has: its time, and what can be turned.
 * @param place    of the link that was opened
 * @param refresh  shows what has changed, at once
 */
export const createControls = (tab: Tab, place: Place, refresh: () => void) => {
  let speed = place.at === undefined ? 1 : 0;
  let turned = place.knobs;
  let busy = 0;
  const status = element('p.state', { role: 'status' });
  const wrong = element('p.wrong', { role: 'status', hidden: true });
  const view = new URLSearchParams(location.search).get('view');

  const save = () => {
    const { step, begun, now } = tab.stage;
    const { besideSeconds: beside, incident } = tab;
    const own = step.command === incidentStep.command ? incident : undefined;
    const place: Place = { lesson: step.command, knobs: turned, begun, at: now, beside, incident: own };
    history.replaceState(history.state, '', `${searchOf(place, view)}${location.hash}`);
    (byId('projector') as HTMLAnchorElement).href = searchOf(place, 'projector');
  };
  /** Says what is wrong or missing. @param sentences  none where nothing is */
  const warn = (sentences: readonly string[]) => {
    wrong.textContent = sentences.join(' ');
    wrong.hidden = sentences.length === 0;
  };
  /** Time stands still until it is done. @param words  what it was, where its time is worth a word */
  const act = async (what: () => Promise<void>, words?: string) => {
    busy += 1;
    const begun = performance.now();
    await what();
    busy -= 1;
    refresh();
    showTime();
    incidents.show(tab.stage.step.command, tab.incident);
    save();
    if (words !== undefined) status.textContent = `${words} in ${Math.round(performance.now() - begun)} ms.`;
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
    save();
  };
  const leap = (seconds: number) =>
    act(async () => {
      for (let left = seconds; left > 0; left -= mostAtOnce) {
        await tab.advance(Math.min(left, mostAtOnce));
        showTime();
      }
    });

  const time = element('input', {
    type: 'range',
    step: '1',
    'aria-label': 'The instant that is looked at',
    title: 'Back to an earlier instant: what was known then, beside what is known now',
    input: ({ target }) => {
      choose(0);
      const at = Number((target as HTMLInputElement).value);
      void act(() => tab.look(at >= Math.floor(tab.stage.reached) ? tab.stage.reached : at));
    },
  }) as HTMLInputElement;
  const toNow = element('button', { type: 'button', click: () => act(() => tab.look(tab.stage.reached)) }, 'To now');
  const instant = element('span.instant', {});
  const showTime = () => {
    const { begun, reached, now } = tab.stage;
    time.min = String(Math.ceil(begun));
    time.max = String(Math.floor(reached));
    time.value = String(Math.floor(now));
    time.setAttribute('aria-valuetext', `${clock(now)} UTC`);
    instant.textContent = now < reached - 1 ? `${clock(now)} of ${clock(reached)}` : clock(now);
    toNow.toggleAttribute('disabled', now >= reached - 1);
  };

  const incidents = createIncidentBar(
    (asked) => void act(() => tab.begin(incidentStep.command, asked)),
    (sentences) => warn(sentences),
  );
  const turn = (part: Partial<Knobs>) => {
    turned = { ...turned, ...part };
    void act(() => tab.turn(turned), 'Turned');
  };
  const asInLesson = 'lesson’s';
  const list = (
    words: string,
    title: string,
    choices: readonly (string | number)[],
    unit: string,
    none: string | undefined,
    value: unknown,
    set: (text: string) => void,
  ) =>
    element(
      'label',
      { title },
      `${words} `,
      element(
        'select',
        { change: ({ target }) => set((target as HTMLSelectElement).value) },
        none !== undefined && element('option', { value: '', selected: value === undefined }, none),
        ...choices.map((each) =>
          element('option', { value: String(each), selected: each === value }, `${each}${unit}`),
        ),
      ),
    );
  const field = (key: keyof Knobs): HTMLElement => {
    const { words, title, choices, unit = '', parse }: Knob = knobs[key];
    const value = turned[key];
    const set = (text: string) => turn({ [key]: parse(text) ?? usualKnobs[key] });
    const none = usualKnobs[key] === undefined ? asInLesson : undefined;
    if (choices !== undefined) return list(words, title, choices, unit, none, value, set);
    const input = element('input', {
      ...(key === 'phase'
        ? { type: 'range', max: '0.95', step: '0.05', min: '0' }
        : { type: 'number', min: '1', max: '9999' }),
      value: String(value),
      change: ({ target }) => set((target as HTMLInputElement).value),
    });
    return element('label', { title }, `${words} `, input);
  };
  const { choices = [] } = knobs.scrapeSeconds;

  const isTurned = knobNames.some((key) => place.knobs[key] !== usualKnobs[key]) || place.beside !== undefined;
  byId('controls').replaceChildren(
    element(
      'div.time',
      {},
      element('div.speeds', { role: 'group', 'aria-label': 'How fast time passes' }, ...buttons),
      ...Object.entries(leaps).map(([words, seconds]) =>
        element('button', { type: 'button', click: () => void leap(seconds) }, words),
      ),
      time,
      instant,
      toNow,
      element('button', { type: 'button', click: () => act(() => tab.begin(tab.stage.step.command)) }, 'Begin again'),
    ),
    element(
      'details',
      { open: isTurned },
      element('summary', {}, 'Knobs'),
      element(
        'div.knobs',
        {},
        ...knobNames.map(field),
        list('beside', 'The same truth, scraped a second time', choices, ' s', 'nothing', place.beside, (text) =>
          act(() => tab.scrapeBeside(text === '' ? undefined : Number(text)), 'Scraped a second time'),
        ),
      ),
    ),
    incidents.bar,
    status,
    wrong,
  );
  // What is to be shown has its room before it comes.
  byId('beside').hidden = place.beside === undefined;
  byId('controls').removeAttribute('aria-busy');
  showTime();
  incidents.show(tab.stage.step.command, tab.incident);
  save();

  let last = performance.now();
  setInterval(async () => {
    const now = performance.now();
    const passed = (now - last) / 1_000;
    last = now;
    if (speed === 0 || busy > 0 || document.hidden) return;
    busy += 1;
    await tab.advance(Math.min(passed, 1) * speed);
    busy -= 1;
    showTime();
  }, tickMilliseconds);
  setInterval(() => {
    if (speed > 0 && !document.hidden) save();
  }, saveMilliseconds);

  return {
    /** The lesson that is shown begins, where it is another one. */
    show: (command: string) => {
      if (command !== tab.stage.step.command && tab.lackOf(command) === undefined) void act(() => tab.begin(command));
    },
    /** Says what is under way. */
    say: (words: string) => {
      status.textContent = words;
    },
    warn,
  };
};
