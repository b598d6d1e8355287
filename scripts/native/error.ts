/** An expected error: its message says what to do, and no stack is shown. */
export class LabError extends Error {}

/** A change that failed when it was under way; after any other error the lab is as it was before. */
export class FailedChange extends LabError {}
