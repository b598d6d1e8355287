/**
 * Loads exercises, and how verdicts are measured: as much as the page, and no picture waits for them. Only the bundle has
 * them apart from the lessons: it puts their import here (tab/later.ts).
 */
export const later = async (): Promise<unknown> => undefined;
