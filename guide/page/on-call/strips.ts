import { clock } from '../../../lab/model/format.ts';
import type { ShownScenario, ShownShift } from '../../../lab/running/on-call.ts';
import { byId, element } from '../dom.ts';
import { saidAt, type Thing, thingsIn } from './said.ts';
import { inWidth, svg } from './svg.ts';

const height = 20;
/** Where nobody sees it. */
const outside = -9;

/** So near to a page, in pixels, the pointer means it. */
const near = 6;

/**
 * The shifts to practise on, a strip each: what happened behind, and what the alert did over it. Up and down lead from
 * one to the next, left and right to what comes before and after in it.
 */
export const createStrips = () => {
  let scenario: ShownScenario | undefined;
  let own: readonly ShownShift[] = [];
  const strips: { box: HTMLElement; draw: () => void; choose: (thing: Thing) => void; hide: () => void }[] = [];

  const make = (index: number) => {
    const label = element('span.number', {}, '');
    const place = element('span.strip', {
      role: 'slider',
      'aria-valuemin': '0',
      'aria-valuenow': '0',
      tabindex: index === 0 ? '0' : '-1',
    });
    const cursor = svg('line', { class: 'cursor', y1: 0, y2: height, x1: outside, x2: outside });
    const put = (x: number) => {
      for (const name of ['x1', 'x2']) cursor.setAttribute(name, String(x));
    };
    let chosen: Thing | undefined;
    const shift = () => scenario!.shifts[index]!;
    const done = () => own.find(({ seed }) => seed === shift().seed);
    const xOf = (second: number) => (second / scenario!.shiftSeconds) * place.clientWidth;

    const choose = (thing: Thing) => {
      chosen = thing;
      const text = saidAt(scenario!, shift(), done(), thing);
      byId('readout').textContent = text;
      place.setAttribute('aria-valuenow', String(Math.round(thing.at)));
      place.setAttribute('aria-valuetext', text);
      put(xOf(thing.at));
      for (const other of strips) if (other.box !== place) other.hide();
    };

    const draw = inWidth(place, (width) => {
      if (scenario === undefined) return [];
      const { events, begin, seed } = shift();
      label.textContent = String(seed);
      place.setAttribute('aria-label', `Shift ${seed}, from ${clock(begin)} UTC`);
      place.setAttribute('aria-valuemax', String(scenario.shiftSeconds));
      const x = (second: number) => (second / scenario!.shiftSeconds) * width;
      const bar = (kind: string, from: number, until: number, top: number, high: number) =>
        svg('rect', { class: kind, x: x(from), y: top, width: Math.max(1.5, x(until) - x(from)), height: high });
      const kindOf = ({ isWorth, avoidable }: (typeof events)[number]) =>
        isWorth ? 'incident' : avoidable > 0 ? 'minor' : 'harmless';
      const { spans = [], pages = [] } = done() ?? {};
      return [
        svg(
          'svg',
          { class: 'drawing', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
          ...events.map((event) =>
            bar(kindOf(event), event.from, event.until, event.isWorth ? 0 : 13, event.isWorth ? height : 7),
          ),
          ...spans.map(({ state, from, until }) =>
            bar(state, from, until, state === 'firing' ? 7 : 9, state === 'firing' ? 6 : 2),
          ),
          ...pages.map(({ at, kind }) =>
            kind === 'useful'
              ? svg('path', { class: 'useful', d: `M${x(at) - 5},0h10l-5,9Z` })
              : svg('path', { class: 'useless', d: `M${x(at) - 3.5},1.5l7,7m0,-7l-7,7` }),
          ),
          cursor,
        ),
      ];
    });

    const at = (event: Event): Thing => {
      const { left, width } = place.getBoundingClientRect();
      const pixels = (event as PointerEvent).clientX - left;
      const second = Math.min(Math.max(0, (pixels / width) * scenario!.shiftSeconds), scenario!.shiftSeconds);
      const pages = (done()?.pages ?? []).map((page) => ({ at: page.at, page }));
      return pages.find((page) => Math.abs(xOf(page.at) - pixels) <= near) ?? { at: second };
    };
    for (const name of ['pointermove', 'pointerdown'])
      place.addEventListener(name, (event) => scenario && choose(at(event)));
    place.addEventListener('focus', () => {
      for (const { box } of strips) box.tabIndex = box === place ? 0 : -1;
    });
    place.addEventListener('keydown', (event) => {
      if (scenario === undefined) return;
      const things = thingsIn(shift(), done());
      const now = chosen?.at ?? -1;
      const does: Record<string, () => unknown> = {
        ArrowRight: () => choose(things.find((each) => each.at > now) ?? things.at(-1)!),
        ArrowLeft: () => choose(things.findLast((each) => each.at < now) ?? things[0]!),
        ArrowDown: () => strips[index + 1]?.box.focus(),
        ArrowUp: () => strips[index - 1]?.box.focus(),
      };
      const own = does[event.key];
      if (own === undefined) return;
      event.preventDefault();
      own();
    });
    strips.push({ box: place, draw, choose, hide: () => put(outside) });
    return element('div.shift', {}, label, place);
  };

  const axis = element('div.time', { 'aria-hidden': 'true' });
  inWidth(axis, (width) => {
    if (scenario === undefined) return [];
    const { shiftSeconds, shifts } = scenario;
    const every = width < 420 ? 600 : 300;
    const marks = Array.from({ length: shiftSeconds / every + 1 }, (_, index) => index * every);
    return [
      svg(
        'svg',
        { class: 'drawing', viewBox: `0 0 ${width} 16`, width, height: 16 },
        ...marks.map((second, index) =>
          svg(
            'text',
            {
              class: index === 0 ? 'tick first' : index === marks.length - 1 ? 'tick last' : 'tick',
              x: (second / shiftSeconds) * width,
              y: 12,
            },
            clock(shifts[0]!.begin + second).slice(0, 5),
          ),
        ),
      ),
    ];
  });

  return {
    /** @param learners  what the learner's rule did, where there is one */
    show: (shown: ShownScenario, learners: readonly ShownShift[] = []) => {
      scenario = shown;
      own = learners;
      if (strips.length === 0) {
        byId('shifts').replaceChildren(
          element('div.shift', {}, element('span.number', {}, 'UTC'), axis),
          ...shown.shifts.map((_, index) => make(index)),
        );
        return;
      }
      for (const { draw } of strips) draw();
    },
    /** Leads to one second of a shift. */
    goTo: (seed: number, second: number) => {
      const index = scenario?.shifts.findIndex((each) => each.seed === seed) ?? -1;
      const strip = strips[index];
      if (strip === undefined || scenario === undefined) return;
      strip.box.focus();
      const pages = own.find((each) => each.seed === seed)?.pages ?? [];
      const page = pages.find((each) => Math.abs(each.at - second) < 1);
      strip.choose({ at: second, ...(page !== undefined && { page }) });
    },
  };
};

const sample = (kind: string, shape: SVGElement): SVGElement =>
  svg('svg', { viewBox: '0 0 18 14', width: 18, height: 14, 'aria-hidden': 'true', class: kind }, shape);

/** What each shape in a strip means. */
export const legend = (): HTMLElement[] =>
  (
    [
      ['incident', svg('rect', { class: 'incident', width: 18, height: 14 }), 'deserves a page'],
      ['minor', svg('rect', { class: 'minor', y: 7, width: 18, height: 7 }), 'too little for one'],
      ['harmless', svg('rect', { class: 'harmless', y: 7, width: 18, height: 7 }), 'harmless'],
      ['pending', svg('rect', { class: 'pending', y: 6, width: 18, height: 2 }), 'pending'],
      ['firing', svg('rect', { class: 'firing', y: 4, width: 18, height: 6 }), 'firing'],
      ['useful', svg('path', { class: 'useful', d: 'M4,2h10l-5,9Z' }), 'useful page'],
      ['useless', svg('path', { class: 'useless', d: 'M5.5,3.5l7,7m0,-7l-7,7' }), 'useless page'],
    ] as const
  ).map(([kind, shape, words]) => element('li', {}, sample(kind, shape), words));
