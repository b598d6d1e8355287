/**
 * The services that do not run here, and why.
 * @param text  a line `SERVICE: REASON` for each
 */
export const leftOutFrom = (text = ''): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/^([^:\n]+): (.*)$/gm)].map(([, service, reason]) => [service!, reason!]));
