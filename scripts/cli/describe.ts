import { intervalNote } from '../../lab/base/intervals.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Experiment, Query, Step } from '../../lab/model/lesson.ts';
import { globalQuerier, readingOf } from '../../lab/model/sources.ts';
import { leftOutFrom } from '../../lab/running/left-out.ts';
import { guideLink, noValueNote, queryLink } from '../../lab/running/links.ts';
import type { Places } from '../../lab/running/places.ts';
import { memoryNote } from './state-memory.ts';

/**
 * What `make up`, `make spikes` and `make exp-N` print once the lab is healthy.
 * @param pages    whether Prometheus has pages of its own
 * @param leftOut  a line `SERVICE: REASON` for each service that does not run here
 * @param lab      the lab as it runs, where it is known
 */
export const describe = (
  step: Step | Experiment,
  places: Places,
  pages: boolean,
  leftOut?: string,
  lab?: Lab,
): string => {
  const { browser } = places;
  const reasons = leftOutFrom(leftOut);
  const where = (service: string, address = '') =>
    reasons.has(service) ? `left out (${reasons.get(service)})` : address;
  const isExperiment = 'number' in step;
  const heading = isExperiment ? `Experiment ${step.number} · ${step.title}` : step.title;
  const addresses: [name: string, address: string | undefined][] = [
    ['guide', browser.guide],
    ['prometheus', pages ? browser.prometheus : `${browser.prometheus}/api/v1/query?query=up`],
    ['grafana', browser.grafana],
    ['alertmanager', browser.alertmanager],
    ['exporter', `${browser.exporter}/metrics`],
    ...((step.sources ?? []).includes(globalQuerier)
      ? [[globalQuerier.name, `${browser.query}/api/v1/query?query=up`] as [string, string]]
      : []),
  ];
  const linkOf = (query: Query) =>
    query.of === undefined ? queryLink(browser.prometheus, query, step, pages) : guideLink(browser.guide, query);
  const memory = memoryNote(step.command) ?? declaredNote(step);
  const note = lab && intervalNote(step, lab);
  const dashboard = browser.grafana ? [`  dashboard     ${browser.grafana}/d/${step.dashboard}`] : [];
  return [
    '',
    heading,
    ...(isExperiment ? [`  ${step.question}`] : []),
    '',
    ...addresses.map(([name, address]) => `  ${name.padEnd(13)} ${where(name, address)}`),
    ...dashboard,
    '',
    `What changed: ${step.changes}`,
    ...(memory === undefined ? [] : [`Memory: ${memory}`]),
    ...(isExperiment ? ['', 'Do:', ...step.todo.map((line) => `  · ${line}`)] : []),
    '',
    `Ask${pages ? ' (a link opens Prometheus with the query filled in)' : ' (this Prometheus has no web UI: links lead to its API)'}:`,
    ...step.queries.flatMap((query) => [
      `  ${query.expr}`,
      `      ${readingOf(query)}`,
      `      ${[linkOf(query), noValueNote(query, true)].filter(Boolean).join('   ')}`,
    ]),
    '',
    `Expect: ${step.expect}`,
    ...(note === undefined ? [] : [note]),
    ...(isExperiment
      ? [`Measure it: make check-${step.number}`, `Undo: ${step.undo ?? 'nothing to undo'}`]
      : [step.next ?? 'Next: make exp-1, or make check to see every experiment measured']),
    '',
  ].join('\n');
};

/** What a step says of itself where nobody measured it beside the base. */
const declaredNote = (step: Step | Experiment): string | undefined =>
  'memoryMegabytes' in step && step.memoryMegabytes !== undefined
    ? `up to ${step.memoryMegabytes} MB more than the base lab, in the services that it brings`
    : undefined;
