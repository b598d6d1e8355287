import type { Query, Source } from './lesson.ts';
import { job, targetUp } from './metrics.ts';

/** The global querier: every step that goes beyond one Prometheus has it, and it can be asked from outside, too. */
export const globalQuerier: Source = { name: 'query', address: 'query:10902' };

/** A Prometheus of a step's own. */
export const prometheusNamed = (name: string): Source => ({ name, address: `${name}:9090` });

/** How an answer is to be read, and who gives it where that is not the lab's own Prometheus. */
export const readingOf = ({ read, of }: Query): string => (of === undefined ? read : `asked of ${of}: ${read}`);

/** The instances of the fleet that somebody scrapes, and how many somebody knows of. */
export const upOfFleet = `${targetUp}{job="${job}"}`;
export const instancesKnown = `count(${upOfFleet})`;
