import { clock, count, seconds } from '../../lab/model/format.ts';
import { cpu as gauge } from '../../lab/model/metrics.ts';
import type { Claim, Fact, Finding } from '../../lab/model/verdict.ts';
import { diagnose, nearestNames } from './diagnosis.ts';
import { kept, type Measured, missing, scraped, up } from './measured.ts';

/** What a missing metric is asked, in order, and what the lab answers with this fault. */
export const findings = (measured: Measured): Finding[] => [
  nameClaim(measured),
  freshnessClaim(measured),
  targetFact(measured),
  servedClaim(measured),
  faultClaim(measured),
  roomFact(measured),
];

/** Whether what Prometheus says, or has stored, leads to the fault that is active. */
export const isSeen = ({ fault, lab, scraped: came, kept: left, renamed }: Measured): boolean => {
  if (came === undefined || left === undefined) return false;
  if (fault.name === 'renamed') return came > 0 && left === came && renamed !== undefined;
  if (fault.name === 'dropped') return left === came - 1;
  return lab.target !== undefined && diagnose(lab.target.lastError, lab.target.scrapeUrl)?.fault === fault.name;
};

const nameClaim = ({ missingSeries, names }: Measured): Claim => {
  const near = nearestNames(missing, names);
  const nearest = near.length > 0 ? ` (nearest: ${near.join(', ')})` : '';
  return {
    claim: `1. Is the name right? ${missing} has ${count(missingSeries, 'series')}, and none of ${count(names.length, 'known name')} is it${nearest}. An empty answer is no error`,
    holds: missingSeries === 0 && !names.includes(missing),
    evidence: `${missing} and /api/v1/label/__name__/values`,
    expected: 'no series, and no such name',
    measured: `${count(missingSeries, 'series')}, the name is ${names.includes(missing) ? 'known' : 'unknown'}`,
    look: '/api/v1/label/__name__/values',
  };
};

const freshnessClaim = ({ gauge: samples, up: ups, names, lab }: Measured): Claim => {
  const newest = samples.at(-1)?.[0];
  const since = ups[0]![0];
  const isFresh = newest !== undefined && newest >= since;
  const age =
    newest === undefined ? 'and has none in the last hour' : `its newest sample is ${seconds(lab.now - newest)} old`;
  return {
    claim: `2. Has it a fresh sample? ${gauge} exists by name, ${age}; ${count(ups.length, 'scrape')} since ${clock(since)} brought none`,
    holds: names.includes(gauge) && !isFresh,
    evidence: `time() - timestamp(${gauge}) beside ${up}[1h]`,
    expected: 'a known name, and no sample since the fault is active',
    measured: names.includes(gauge) ? `a sample at ${clock(newest ?? 0)}` : 'an unknown name',
    look: `${gauge}[15m] in the table view`,
  };
};

const targetFact = ({ lab, up: ups }: Measured): Fact => {
  const isUp = ups.at(-1)![1] === 1;
  const said = isUp ? 'the scrape itself works' : (lab.target?.lastError ?? '');
  return { fact: `3. Is the target up? \`up\` is ${isUp ? 1 : 0}: ${said}`, evidence: '/api/v1/targets, lastError' };
};

const servedClaim = ({ served, fault }: Measured): Claim => {
  const has = served.includes(gauge);
  const isSlow = fault.name === 'slow';
  const names = `it serves ${count(served.length, 'metric')}, ${gauge} ${has ? 'among' : 'not among'} them`;
  return {
    claim: `4. Does the exporter serve it? Asked by hand ${served.length === 0 ? 'it does not answer in time either' : names}`,
    holds: isSlow ? served.length === 0 : has,
    evidence: 'the exporter, /metrics',
    expected: isSlow ? 'no answer in time' : `${gauge} among them`,
    measured: served.length === 0 ? 'no answer' : names,
    look: 'the log of the exporter',
  };
};

const faultClaim = (measured: Measured): Claim => {
  const { fault, lab } = measured;
  return {
    claim: `5. So the fault (${fault.name}): ${fault.cause}. ${shownBy(measured)}`,
    holds: isSeen(measured),
    evidence: isRelabelled(measured) ? `${scraped} beside ${kept}` : '/api/v1/targets, lastError and scrapeUrl',
    expected: fault.sign,
    measured: isRelabelled(measured) ? shownBy(measured) : lab.target?.lastError || 'no reason at all',
    look: '/api/v1/status/config',
  };
};

const isRelabelled = ({ fault }: Measured): boolean => fault.name === 'renamed' || fault.name === 'dropped';

const shownBy = (measured: Measured): string => {
  const { lab, scraped: came, kept: left, renamed } = measured;
  const { lastError = '', scrapeUrl = '' } = lab.target ?? {};
  if (!isRelabelled(measured))
    return `${scrapeUrl}: ${diagnose(lastError, scrapeUrl)?.means ?? 'nothing that this list knows'}`;
  const other = renamed === undefined ? '' : `; ${renamed} has samples, and the exporter does not serve it`;
  return `Of ${came ?? 'no'} scraped samples ${left ?? 'none'} are stored${other}`;
};

const roomFact = ({ tsdb }: Measured): Fact => {
  const biggest = tsdb.byMetric[0];
  const most = biggest ? `; the name with the most is ${biggest.name}, ${biggest.value}` : '';
  return {
    fact: `6. Is there room? The head block holds ${count(tsdb.series, 'series')}${most}. A label with ever new values would show here`,
    evidence: '/api/v1/status/tsdb',
  };
};
