import type { Score } from '../../../lab/backtest/score.ts';
import { element } from '../dom.ts';
import { type Dot, percentOf, uselessIn } from './edge.ts';

const head = ['', 'rule', 'saved', 'pages', 'useful', 'useless', 'missed', 'seconds to detect'];

const seconds = ({ detect }: Score): string =>
  detect === undefined ? 'never' : `${Math.round(detect.median)}, worst ${Math.round(detect.worst)}`;

/** @param name  a button, where the rule can be tried */
const row = (kind: string, letter: string, name: Node | string, score: Score | undefined): HTMLElement => {
  const cells =
    score === undefined
      ? head.slice(2).map(() => '…')
      : [
          percentOf(score.saved),
          `${score.pages}`,
          `${score.useful}`,
          `${uselessIn(score)}`,
          `${score.missed} of ${score.incidents}`,
          seconds(score),
        ];
  return element(
    kind,
    {},
    element('td', {}, letter),
    element('th', { scope: 'row' }, name),
    ...cells.map((cell) => element('td', {}, cell)),
  );
};

/**
 * The score table: the learner's rule over the reference rules.
 * @param onTry  called with the name of a reference that is to be tried
 */
export const scoreRows = (
  references: readonly { letter: string; name: string; score?: Score | undefined }[],
  own: Dot | undefined,
  onTry: (name: string) => void,
): HTMLElement[] => [
  element(
    'thead',
    {},
    element('tr', {}, ...head.map((name) => (name === '' ? element('td') : element('th', { scope: 'col' }, name)))),
  ),
  element(
    'tbody',
    {},
    own === undefined
      ? element(
          'tr.own',
          {},
          element('td', {}, '◆'),
          element('th', { scope: 'row' }, 'your rule'),
          ...head.slice(2).map(() => element('td', {}, '')),
        )
      : row('tr.own', own.letter, own.name, own.score),
    ...references.map(({ letter, name, score }) =>
      row(
        'tr',
        letter,
        element('button.link', { type: 'button', title: 'Take this rule', click: () => onTry(name) }, name),
        score,
      ),
    ),
  ),
];

/** Of which kind the useless pages are. */
export const kindsOf = ({ useless }: Score): string => {
  const { false: none, 'not worth a page': minor, 'too late': late, repeat } = useless;
  return `Of its useless pages ${none} came while nothing was under way, ${minor} for what deserves none, ${late} too late, ${repeat} again for the same.`;
};
