import { byId, command, element, withCode } from './dom.js';
import { keep, keptAgain } from './header.js';
import { clock, count, seconds } from './words.js';

/** @typedef {import('../src/lab.ts').PageState} State */
/** @typedef {import('../src/lab.ts').LiveVerdict} LiveVerdict */
/** @typedef {import('../../lab/model/verdict.ts').Finding} Finding */
/** @typedef {import('../../lab/model/verdict.ts').Claim} Claim */

/** The verdict of the experiment that is shown: it says what it waits for, and why there is none. */
export const createVerdict = () => {
  const part = byId('verdict');
  /** @type {number | undefined} */
  let shown;

  /** @param {number | undefined} number @param {State} state */
  const placeOf = (number, state) => {
    const step = state.steps.find(({ experiment }) => experiment?.number === number);
    if (!step?.experiment) return undefined;
    const { insight } = step.experiment;
    return { title: `Verdict: experiment ${step.experiment.number}, ${step.title}`, insight };
  };
  /** @param {string} title @param {string} summary */
  const heading = (title, summary) =>
    element('div.heading', {}, element('h2', {}, title), element('span.quiet', {}, summary));
  /** What is shown of this experiment stays, and its age is said. @param {string} words */
  const note = (words) => {
    const place = part.querySelector('.heading .quiet');
    if (place !== null) place.textContent = words;
    keptAgain(part);
  };

  return {
    /** @param {LiveVerdict} live @param {State} state */
    show: ({ experiment, verdict, at }, state) => {
      const place = placeOf(experiment, state);
      if (place === undefined) return;
      shown = experiment;
      part.dataset.kind = verdict.kind;
      keep(part, JSON.stringify([verdict, place.title]), () => [
        heading(place.title, summary(verdict, at)),
        ...body(verdict, place.insight),
      ]);
    },
    /** @param {number | undefined} experiment @param {number} waited  seconds @param {State} state */
    wait: (experiment, waited, state) => {
      const place = placeOf(experiment, state);
      if (place === undefined) return;
      if (shown === experiment) return note(`measured again, ${waited} s so far`);
      const sentence = `Experiment ${experiment} is being measured, ${waited} s so far: a service takes its time to answer.`;
      shown = undefined;
      part.dataset.kind = 'pending';
      keep(part, sentence, () => [heading(place.title, 'no answer yet'), element('p', {}, sentence)]);
    },
    /** @param {number | undefined} experiment @param {string} reason @param {State} state */
    fail: (experiment, reason, state) => {
      const place = placeOf(experiment, state);
      if (place === undefined) return;
      if (shown === experiment) return note(`not measured again: ${reason}`);
      shown = undefined;
      part.dataset.kind = 'unknown';
      const sentence = `Nothing can be measured: ${reason}.`;
      keep(part, sentence, () => [heading(place.title, 'no answer'), element('p', {}, sentence)]);
    },
  };
};

/** @param {LiveVerdict['verdict']} verdict @param {number} at */
const summary = (verdict, at) => {
  if (verdict.kind !== 'measured')
    return { wait: 'measuring', elsewhere: 'not in force', search: 'yours to find', unknown: 'no answer' }[
      verdict.kind
    ];
  const claims = verdict.findings.filter((finding) => 'claim' in finding);
  const holds = claims.filter((finding) => finding.holds).length;
  return `${holds} of ${count(claims.length, 'claim')} hold${holds === 1 ? 's' : ''} · ${clock(at)} UTC`;
};

/** @param {LiveVerdict['verdict']} verdict @param {string} insight */
const body = (verdict, insight) => {
  if (verdict.kind === 'wait') return [waiting(verdict)];
  waited = { reason: '', total: 0 };
  if (verdict.kind === 'elsewhere') {
    const sentence = `The lab is not in the state of this experiment: ${verdict.reason}.`;
    return [element('div.state', {}, element('p', {}, ...withCode(sentence)), command(verdict.type))];
  }
  if (verdict.kind === 'search') return [element('p', {}, ...withCode(`${verdict.reason}.`))];
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
const finding = (finding) => ('claim' in finding ? claimed(finding) : told(finding));

/** @param {Claim} claim */
const claimed = ({ claim, holds, evidence, expected, measured, look }) =>
  element(
    holds ? 'li.holds' : 'li.fails',
    {},
    element('span.mark', { role: 'img', 'aria-label': holds ? 'holds' : 'does not hold' }, holds ? '✓' : '✗'),
    element(
      'div',
      {},
      element('p', {}, ...withCode(claim)),
      element('p.evidence', {}, element('code', {}, evidence)),
      !holds && reasons({ expected, measured, 'look at': look }),
    ),
  );

/** What cannot fail has no mark. @param {import('../../lab/model/verdict.ts').Fact} fact */
const told = ({ fact, evidence }) =>
  element(
    'li.fact',
    {},
    element('span.mark', { 'aria-hidden': 'true' }, '·'),
    element('div', {}, element('p', {}, ...withCode(fact)), element('p.evidence', {}, element('code', {}, evidence))),
  );

/** @param {Record<string, string>} lines */
const reasons = (lines) =>
  element(
    'dl',
    {},
    ...Object.entries(lines).flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, ...withCode(text))]),
  );
