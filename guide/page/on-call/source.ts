import type { OnCall, ShownScenario, TypedRule } from '../../../lab/running/on-call.ts';
import { get } from '../guide-source.ts';
import type { Question } from '../source.ts';

/** Everything that the page On call shows, and whoever knows it: the guide, or an engine that holds the shifts itself. */
export type Shifts = {
  /** @param name  of a scenario; the first where none is given */
  scenario: (name: string | undefined) => Question<ShownScenario>;
  /** What the reference rules of a scenario are worth. */
  references: (scenario: string) => Question<OnCall>;
  /** Judges a rule as it was typed. */
  judge: (scenario: string, rule: TypedRule) => Question<OnCall>;
};

/** The guide of a running lab, which has served this page. */
export const guideShifts = (): Shifts => ({
  scenario: (name) => get('/api/on-call', { scenario: name }),
  references: (scenario) => get('/api/backtest', { scenario }),
  judge: (scenario, rule) => get('/api/backtest', { scenario, ...rule }),
});
