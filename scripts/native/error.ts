/** An expected error: its message says what to do, and no stack is shown. */
export class LabError extends Error {}
