import { byId, command, element, withCode } from './dom.js';
import { keep } from './header.js';
import { clock, count, seconds } from './words.js';

/** @typedef {import('../src/lab.ts').State} State */
/** @typedef {import('../src/lab.ts').LiveVerdict} LiveVerdict */
/** @typedef {import('../../experiments/types.ts').Finding} Finding */

/** @param {LiveVerdict} live @param {State} state */
export const showVerdict = (live, state) => {
  const step = state.steps.find(({ experiment }) => experiment?.number === live.experiment);
  if (!step?.experiment) return;
  const { verdict } = live;
  const title = `Verdict: experiment ${step.experiment.number}, ${step.title}`;
  const part = byId('verdict');
  part.dataset.kind = verdict.kind;
  const insight = step.experiment.insight;
  keep(part, JSON.stringify([verdict, title]), () => [
    element('div.heading', {}, element('h2', {}, title), element('span.quiet', {}, summary(verdict, live.at))),
    ...body(verdict, insight),
  ]);
};

/** @param {LiveVerdict['verdict']} verdict @param {number} at */
const summary = (verdict, at) => {
  if (verdict.kind !== 'measured')
    return { wait: 'measuring', elsewhere: 'not in force', unknown: 'no answer' }[verdict.kind];
  const holds = verdict.findings.filter((finding) => finding.holds).length;
  return `${holds} of ${count(verdict.findings.length, 'claim')} hold${holds === 1 ? 's' : ''} · ${clock(at)} UTC`;
};

/** @param {LiveVerdict['verdict']} verdict @param {string} insight */
const body = (verdict, insight) => {
  if (verdict.kind === 'wait') return [waiting(verdict)];
  waited = { reason: '', total: 0 };
  if (verdict.kind === 'elsewhere') {
    const sentence = `The lab is not in the state of this experiment: ${verdict.reason}.`;
    return [element('div.state', {}, element('p', {}, ...withCode(sentence)), command(verdict.type))];
  }
  if (verdict.kind === 'unknown') {
    return [element('p', {}, `Nothing can be measured: ${verdict.reason}.`)];
  }
  return [
    element('ul.findings', {}, ...verdict.findings.map(finding)),
    element(
      'div.insights',
      {},
      verdict.next !== undefined &&
        element('p.insight', {}, element('strong', {}, 'Next: '), ...withCode(verdict.next)),
      element('p.insight', {}, element('strong', {}, 'Insight: '), ...withCode(insight)),
    ),
  ];
};

let waited = { reason: '', total: 0 };

/** The bar fills from the first time that this reason was given. @param {{ reason: string, seconds: number }} wait */
const waiting = ({ reason, seconds: left }) => {
  if (waited.reason !== reason || left > waited.total) waited = { reason, total: left };
  const text = `Waiting for ${reason}: about ${seconds(Math.ceil(left))} more.`;
  return element(
    'div.state',
    {},
    element('p', {}, ...withCode(text)),
    element('progress', { max: String(waited.total), value: String(waited.total - left), 'aria-label': text }),
  );
};

/** @param {Finding} finding */
const finding = ({ claim, holds, evidence, expected, measured, look }) =>
  element(
    holds ? 'li.holds' : 'li.fails',
    {},
    element('span.mark', { role: 'img', 'aria-label': holds ? 'holds' : 'does not hold' }, holds ? '✓' : '✗'),
    element(
      'div',
      {},
      element('p', {}, ...withCode(claim)),
      element('p.evidence', {}, element('code', {}, evidence)),
      !holds && reasons({ expected: expected ?? 'it to hold', measured: measured ?? 'otherwise', 'look at': look }),
    ),
  );

/** @param {Record<string, string | undefined>} lines */
const reasons = (lines) =>
  element(
    'dl',
    {},
    ...Object.entries(lines).flatMap(([term, text]) =>
      text === undefined ? [] : [element('dt', {}, term), element('dd', {}, ...withCode(text))],
    ),
  );
