import type { Score } from '../../../lab/backtest/score.ts';

/** A rule between the two axes: what it saved, and how many of its pages saved nothing. */
export type Dot = { letter: string; name: string; score: Score };

export const uselessIn = ({ useless }: Pick<Score, 'useless'>): number =>
  Object.values(useless).reduce((sum, each) => sum + each, 0);

/** The rules that none beats in both, from the fewest useless pages on: the edge of what they reach. */
export const edgeOf = (dots: readonly Pick<Dot, 'score'>[]): { useless: number; saved: number }[] => {
  const points = dots
    .map(({ score }) => ({ useless: uselessIn(score), saved: score.saved }))
    .sort((one, other) => one.useless - other.useless || other.saved - one.saved);
  let most = 0;
  return points.filter(({ saved }) => {
    const isBeyond = saved > most;
    most = Math.max(most, saved);
    return isBeyond;
  });
};

export const percentOf = (share: number): string => `${Math.round(100 * share)} %`;
