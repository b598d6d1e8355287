import type { Claim, Fact, Finding } from '../../lab/model/verdict.ts';
import type { EvidenceQuery } from '../src/ask/evidence.ts';
import type { LiveVerdict, PageState as State } from '../src/lab.ts';
import { byId, command, element, keep, keptAgain, withCode } from './dom.ts';
import { clock, count, seconds } from './words.ts';

/** The verdict of the experiment that is shown: it says what it waits for, and why there is none. */
export const createVerdict = (onQuery: (query: EvidenceQuery) => void) => {
  const part = byId('verdict');
  let shown: number | undefined;
  let waited: Waited = { reason: '', total: 0 };

  const placeOf = (number: number | undefined, state: State) => {
    const step = state.steps.find(({ experiment }) => experiment?.number === number);
    if (!step?.experiment) return undefined;
    const { insight } = step.experiment;
    return { title: `Verdict: experiment ${step.experiment.number}, ${step.title}`, insight };
  };
  const heading = (title: string, summary: string) =>
    element('div.heading', {}, element('h2', {}, title), element('span.quiet', {}, summary));
  /** What is shown of this experiment stays, and its age is said. */
  const note = (words: string) => {
    const place = part.querySelector('.heading .quiet');
    if (place !== null) place.textContent = words;
    keptAgain(part);
  };

  return {
    show: ({ experiment, verdict, queries, at }: LiveVerdict, state: State) => {
      const place = placeOf(experiment, state);
      if (place === undefined) return;
      shown = experiment;
      if (verdict.kind !== 'wait') waited = { reason: '', total: 0 };
      else if (waited.reason !== verdict.reason || verdict.seconds > waited.total)
        waited = { reason: verdict.reason, total: verdict.seconds };
      part.dataset.kind = verdict.kind;
      keep(part, JSON.stringify([verdict, place.title]), () => [
        heading(place.title, summary(verdict, at)),
        ...body({ verdict, queries }, place.insight, waited, onQuery),
      ]);
    },
    /** @param waited  seconds */
    wait: (experiment: number | undefined, waited: number, state: State) => {
      const place = placeOf(experiment, state);
      if (place === undefined) return;
      if (shown === experiment) return note(`measured again, ${waited} s so far`);
      const sentence = `Experiment ${experiment} is being measured, ${waited} s so far: a service takes its time to answer.`;
      shown = undefined;
      part.dataset.kind = 'pending';
      keep(part, sentence, () => [heading(place.title, 'no answer yet'), element('p', {}, sentence)]);
    },
    fail: (experiment: number | undefined, reason: string, state: State) => {
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

const summary = (verdict: LiveVerdict['verdict'], at: number) => {
  if (verdict.kind !== 'measured')
    return { wait: 'measuring', elsewhere: 'not active', search: 'yours to find', unknown: 'no answer' }[verdict.kind];
  const claims = verdict.findings.filter((finding) => 'claim' in finding);
  const holds = claims.filter((finding) => finding.holds).length;
  return `${holds} of ${count(claims.length, 'claim')} hold${holds === 1 ? 's' : ''} · ${clock(at)} UTC`;
};

const body = (
  { verdict, queries }: Pick<LiveVerdict, 'verdict' | 'queries'>,
  insight: string,
  waited: Waited,
  onQuery: OnQuery,
) => {
  if (verdict.kind === 'wait') return [waiting(verdict, waited)];
  if (verdict.kind === 'elsewhere') {
    const sentence = `The lab is not in the state of this experiment: ${verdict.reason}.`;
    return [element('div.state', {}, element('p', {}, ...withCode(sentence)), command(verdict.type))];
  }
  if (verdict.kind === 'search') return [element('p', {}, ...withCode(`${verdict.reason}.`))];
  if (verdict.kind === 'unknown') {
    return [element('p', {}, `Nothing can be measured: ${verdict.reason}.`)];
  }
  return [
    element(
      'ul.findings',
      {},
      ...verdict.findings.map((each, index) => finding(each, asked(each, queries[index] ?? [], onQuery))),
    ),
    element(
      'div.insights',
      {},
      verdict.next !== undefined &&
        element('p.insight', {}, element('strong', {}, 'Next: '), ...withCode(verdict.next)),
      element('p.insight', {}, element('strong', {}, 'Insight: '), ...withCode(insight)),
    ),
  ];
};

/** What the bar of a verdict that waits fills from: the first time that its reason was given. */
type Waited = { reason: string; total: number };

const waiting = ({ reason, seconds: left }: { reason: string; seconds: number }, { total }: Waited) => {
  const text = `Waiting for ${reason}: about ${seconds(Math.ceil(left))} more.`;
  return element(
    'div.state',
    {},
    element('p', {}, ...withCode(text)),
    element('progress', { max: String(total), value: String(total - left), 'aria-label': text }),
  );
};

type OnQuery = (query: EvidenceQuery) => void;

/** The evidence of a finding: a query in it goes into the bar. */
const asked = ({ evidence }: Finding, queries: readonly EvidenceQuery[], onQuery: OnQuery) => {
  const parts: (Node | string)[] = [];
  let rest = evidence;
  for (const query of queries) {
    const at = rest.indexOf(query.text);
    if (at < 0) continue;
    parts.push(
      rest.slice(0, at),
      element('button.query', { type: 'button', title: 'Ask it here', click: () => onQuery(query) }, query.text),
    );
    rest = rest.slice(at + query.text.length);
  }
  return element('p.evidence', {}, element('code', {}, ...parts, rest));
};

const finding = (finding: Finding, evidence: HTMLElement) =>
  'claim' in finding ? claimed(finding, evidence) : plainly(finding, evidence);

const claimed = ({ claim, holds, expected, measured, look }: Claim, evidence: HTMLElement) =>
  element(
    holds ? 'li.holds' : 'li.fails',
    {},
    element('span.mark', { role: 'img', 'aria-label': holds ? 'holds' : 'does not hold' }, holds ? '✓' : '✗'),
    element(
      'div',
      {},
      element('p', {}, ...withCode(claim)),
      evidence,
      !holds && reasons({ expected, measured, 'look at': look }),
    ),
  );

/** What cannot fail has no mark. */
const plainly = ({ fact }: Fact, evidence: HTMLElement) =>
  element(
    'li.fact',
    {},
    element('span.mark', { 'aria-hidden': 'true' }, '·'),
    element('div', {}, element('p', {}, ...withCode(fact)), evidence),
  );

const reasons = (lines: Record<string, string>) =>
  element(
    'dl',
    {},
    ...Object.entries(lines).flatMap(([term, text]) => [element('dt', {}, term), element('dd', {}, ...withCode(text))]),
  );
