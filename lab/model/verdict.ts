/** A finding that can fail. `evidence` is a query or an endpoint that anyone can repeat. */
export type Claim = {
  claim: string;
  holds: boolean;
  evidence: string;
  /** where it does not hold: what was expected, what was measured, where to look */
  expected: string;
  measured: string;
  look: string;
  /** the alerts that have to be notified for it to hold: where one is not, Alertmanager may know why */
  notifies?: readonly string[];
};

/** A finding that cannot fail: a measured figure that the claims are read with, shown without ✓. */
export type Fact = { fact: string; evidence: string };

export type Finding = Claim | Fact;

export const isClaim = (finding: Finding): finding is Claim => 'claim' in finding;

/** What a lesson's check says; the catalogue adds the commands that follow from the experiment's number. */
export type Judgement =
  | {
      kind: 'measured';
      findings: Finding[];
      /** what the same check measures after the undo, such as `the return` */
      afterUndo?: string;
      /** how many phases of its manual steps the lab has been through: the next is the phase after them */
      phase?: number;
    }
  /** not enough seen yet */
  | { kind: 'wait'; seconds: number; reason: string }
  /** the lab is not in this experiment's state; `type` where another command than `make exp-N` mends that */
  | { kind: 'elsewhere'; reason: string; type?: string }
  /** it is the learner's to find */
  | { kind: 'search'; reason: string };

/** A judgement with what to do next. */
export type Verdict =
  | { kind: 'measured'; findings: Finding[]; next?: string }
  | { kind: 'wait'; seconds: number; reason: string }
  | { kind: 'elsewhere'; reason: string; type: string }
  | { kind: 'search'; reason: string; type: string };
