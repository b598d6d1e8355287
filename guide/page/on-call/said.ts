import { clock, grouped } from '../../../lab/model/format.ts';
import type { ShownPage, ShownScenario, ShownShift } from '../../../lab/running/on-call.ts';

/** Something in a strip that can be chosen: an event, or a page. Seconds of the shift. */
export type Thing = { at: number; page?: ShownPage };

type Shift = ShownScenario['shifts'][number];

/** What there is in a shift, in the order of time. */
export const thingsIn = ({ events }: Shift, own: ShownShift | undefined): Thing[] =>
  [...events.map(({ from }) => ({ at: from })), ...(own?.pages ?? []).map((page) => ({ at: page.at, page }))].sort(
    (one, other) => one.at - other.at,
  );

const pageWords: Record<ShownPage['kind'], string> = {
  useful: 'a useful page',
  false: 'a false page: nothing was under way',
  'not worth a page': 'a useless page: what is under way deserves none',
  'too late': 'a useless page: too late to avoid enough',
  repeat: 'a useless page: the incident had its useful one',
};

/** What was going on at one second of a shift, in words. */
export const saidAt = (
  { unit }: ShownScenario,
  shift: Shift,
  own: ShownShift | undefined,
  { at, page }: Thing,
): string => {
  const { seed, begin, events } = shift;
  const time = (second: number) => clock(begin + second);
  const state = own?.spans.findLast(({ from, until }) => at >= from && at < until)?.state;
  // A page that is too late comes when all is over.
  const now = events.filter((event, index) => index === page?.event || (at >= event.from && at < event.until));
  // What deserves a page comes first, and of the rest what is there for the shortest time.
  const length = ({ from, until }: (typeof events)[number]) => until - from;
  now.sort((one, other) => Number(other.isWorth) - Number(one.isWorth) || length(one) - length(other));
  const underWay = now.map((event) => {
    const { what, whom, avoidable, isWorth, experiment } = event;
    const outcome = own?.saved.find((each) => events[each.event] === event);
    const worth = isWorth
      ? `deserves a page, ${grouped(Math.round(avoidable))} ${unit} can be avoided`
      : 'deserves no page';
    const done =
      !isWorth || own === undefined
        ? []
        : outcome?.detectedAfter === undefined
          ? ['it had no useful page']
          : [`${grouped(Math.round(outcome.saved))} were, its page came after ${Math.round(outcome.detectedAfter)} s`];
    const happened = `${what}${whom === undefined ? '' : ` (${whom})`}, ${time(event.from)} to ${time(event.until)}`;
    const shownBy = `experiment ${experiment.number}, ${experiment.title}, shows why`;
    return `${[happened, worth, ...done].join(', ')}; ${shownBy}`;
  });
  return [
    `Shift ${seed}, ${time(at)} UTC`,
    ...(page === undefined ? [] : [pageWords[page.kind]]),
    ...(state === undefined ? [] : [`your alert is ${state}`]),
    ...(underWay.length === 0 ? ['nothing is under way'] : underWay),
  ].join(' · ');
};
