/** One thing that goes wrong, and the assertions that hold when it does. */
export type Fault = {
  name: string;
  /** why it cannot be tried here */
  skip?: string | undefined;
  /** @throws where something does not hold */
  run: () => Promise<{ lost: string; recovery: string }>;
};

/** What came of one fault. */
export type Row = { fault: string; lost: string; recovery: string; outcome: 'held' | 'failed' | 'not run' };
