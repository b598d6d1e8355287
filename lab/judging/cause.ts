/** What can be at fault. */
export type Suspect = {
  /** as it is typed */
  name: string;
  /** completes "the cause: " */
  cause: string;
  /** what would be seen, were it this one; completes "then " */
  sign: string;
};

/** What is said of one part of an answer; `isRight` is not there where the stored samples do not show it yet. */
export type JudgedPart<Part extends string = string> = { part: Part; isRight?: boolean; says: string };

/** Judges a cause that a learner names: a wrong one is answered by what it would show, and never by what is right. */
export const judgeCause = (named: Suspect, active: Suspect): JudgedPart<'CAUSE'> =>
  named.name === active.name
    ? { part: 'CAUSE', isRight: true, says: active.cause }
    : { part: 'CAUSE', isRight: false, says: `then ${named.sign}` };
