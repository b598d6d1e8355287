import type { Expected } from '../model/exercise.ts';
import { clock, count } from '../model/format.ts';
import type { Answer } from '../model/reader.ts';
import { compare, isInstant, isRight, seriesOf } from './answer.ts';

/**
 * Why a query is wrong, by what it gave: in one sentence without its full stop.
 * @param answers  at each instant of `expected`, one of them wrong at least
 */
export const reasonOf = (expected: Expected[], answers: Answer[], mayBeRounded?: boolean): string => {
  const pairs = expected.map((each, index) => ({ each, answer: answers[index]! }));
  const here = pairs.filter(({ each }) => each.where === undefined);
  const isWrong = ({ each, answer }: (typeof pairs)[0]) => !isRight(each, answer, mayBeRounded);
  const found = here.filter(isWrong);
  return found.length === 0 ? elsewhere(pairs.find(isWrong)!) : reasonHere(here, found);
};

type Pair = { each: Expected; answer: Answer };

/** Why it is wrong although it is right on the lab. */
const elsewhere = ({ each, answer }: Pair): string => {
  const { where } = each;
  const isRightHere = 'it is right on this lab as it is now';
  if ('refused' in answer) return `${isRightHere}, but Prometheus refuses it ${where}: ${answer.refused}`;
  if ('fires' in each) {
    return `${isRightHere}, but ${where} it is ${each.fires ? 'not true, and has to be' : 'true, and must not be'}`;
  }
  const { expected, given } = compare(each, answer);
  return `${isRightHere}, but ${where} it gives ${given}, and ${expected} is right`;
};

const reasonHere = (here: readonly Pair[], found: readonly Pair[]): string => {
  const other = here.map(({ answer }) => answer).find((answer) => !isInstant(answer));
  if (other && 'type' in other) return kinds[other.type] ?? '';
  const { each, answer } = found[0]!;
  const got = seriesOf(answer).length;
  const when = `at ${clock(each.at)}`;
  if (here.every((all) => seriesOf(all.answer).length === 0)) return nothing('fires' in each);
  if ('fires' in each)
    return each.fires ? `it is not true ${when}, and has to be` : `it is true ${when}, and must not be`;
  const wanted = 'number' in each ? 1 : Object.keys(each.each).length;
  if (got === 0) return `it gives nothing ${when}`;
  if (got > 1 && 'number' in each) {
    return `it gives ${count(got, 'series')}, and one number is asked for: aggregate them, or pick one by its labels`;
  }
  if (got !== wanted)
    return `it gives ${count(got, 'series')} ${when}, and ${wanted} ${wanted === 1 ? 'is' : 'are'} asked for`;
  return `its value is wrong at ${found.length} of ${count(here.length, 'instant')}`;
};

const kinds: Partial<Record<string, string>> = {
  matrix: 'it gives all samples of a window, and one value at each instant is asked for: put a function around it',
  string: 'it gives a text, and a number is asked for',
};

const nothing = (isAlert: boolean): string =>
  `${isAlert ? 'it is never true: it returns no series' : 'it gives nothing'} at any of the instants, although every name in it is stored: its operators leave nothing`;
