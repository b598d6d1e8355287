import type { Compared } from '../../lab/model/exercise.ts';
import { rightAt } from '../../lab/model/format.ts';
import type { Judged } from '../../lab/running/solve.ts';
import { command, element, withCode } from './dom.ts';
import { clock, seconds } from './words.ts';

/** What is said of an answer, as it is shown under the query. */
export const judgement = (judged: Judged, query: string): HTMLElement[] => {
  switch (judged.kind) {
    case 'right':
      return [
        said('good', `Right ${rightAt(judged.compared)}. ${judged.why}`),
        table(judged.compared),
        ...(judged.isKept === false
          ? [said('bad', 'It could not be written down: the log of the guide says why.')]
          : []),
      ];
    case 'wrong':
      return [
        said('bad', `Not yet: ${judged.reason}.`),
        ...judged.mistakes.map((mistake) => said('bad', `${sameAs(mistake.query)}: ${mistake.why}.`)),
        table(judged.compared),
      ];
    case 'refused':
      return [
        said('bad', `${judged.by ?? 'Prometheus'} refuses it: ${judged.message}`),
        ...pointedAt(query, judged.place),
      ];
    case 'wait':
      return [said('quiet', `Waiting for ${judged.reason}: about ${seconds(Math.ceil(judged.seconds))} more.`)];
    case 'elsewhere':
      return [said('quiet', `The lab cannot show it now: ${judged.reason}.`), command(judged.type)];
    case 'unknown':
      return [said('bad', `Nothing can be judged: ${judged.reason}.`)];
  }
};

/** A query is named; what takes several lines is not. */
const sameAs = (query: string): string =>
  query.includes('\n') ? 'The same counts as of a typical mistake' : `The same values as \`${query}\``;

const marks = { good: '✓ ', bad: '✗ ', quiet: '' };

export const said = (kind: 'good' | 'bad' | 'quiet', text: string) =>
  element(`p.said.${kind}`, {}, marks[kind], ...withCode(text));

const table = (compared: Compared[]) => {
  const isAbout = compared.every(({ where }) => where !== undefined);
  return element(
    'table',
    {},
    element(
      'thead',
      {},
      element('tr', {}, ...[isAbout ? 'What' : 'At', 'Right', 'Yours', 'Same'].map((name) => element('th', {}, name))),
    ),
    element(
      'tbody',
      {},
      ...compared.map(({ at, where, expected, given, isRight }) =>
        element(
          'tr',
          {},
          element('td', {}, where ?? clock(at)),
          element('td', {}, expected),
          element('td', {}, given),
          element(isRight ? 'td.good' : 'td.bad', {}, isRight ? '✓' : '✗'),
        ),
      ),
    ),
  );
};

/** The line of the query at which Prometheus stopped reading. */
export const pointedAt = (query: string, place: { line: number; column: number } | undefined) => {
  const line = place && query.split('\n')[place.line - 1];
  if (!place || line === undefined) return [];
  const before = line.slice(0, place.column - 1);
  // A character may be two of JavaScript's, as an emoji is.
  const [at = ' ', ...after] = line.slice(place.column - 1);
  return [element('pre', {}, before, element('mark', {}, at), after.join(''))];
};
