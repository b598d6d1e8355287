import type { SolvedStore } from '../../guide/src/solved.ts';

const place = 'solved';
type Solved = ReturnType<SolvedStore['list']>[number];

/** What was solved, in the browser's own storage; in memory where it has none for this page. */
export const createSolved = (): SolvedStore => {
  let kept: readonly Solved[] = read();
  return {
    list: () => kept,
    add: (solved) => {
      kept = [...kept.filter(({ exercise }) => exercise !== solved.exercise), solved];
      try {
        localStorage.setItem(place, JSON.stringify(kept));
        return true;
      } catch {
        return false;
      }
    },
  };
};

const read = (): Solved[] => {
  try {
    const content: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(content) ? content.filter((each) => typeof each?.exercise === 'string') : [];
  } catch {
    return [];
  }
};
