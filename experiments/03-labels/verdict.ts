import { checkOf } from '../../lab/evidence/happening.ts';
import { exporterSince, mean, only, storedBetween, untilScrapes } from '../../lab/evidence/samples.ts';
import { couldHaveSeen, marginSeconds, type Scrape, scrapesIn } from '../../lab/evidence/scrape.ts';
import { clock, count, round, truthBetween } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { cores as family, ofExporter, scrapeDuration, targetUp } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Claim, Finding, Judgement } from '../../lab/model/verdict.ts';
import { agrees } from '../../lab/promql/extrapolation.ts';
import type { Series } from '../../lab/promql/sample.ts';

export const oneCore = `${family}{core="core1"}`;
/** The parts that are named, and held against the truth. */
const shown = 2;

export type Measured = {
  /** how many cores the exporter says that it has */
  cores: number;
  /** the last good scrape of the exporter that answers now */
  scrape: Scrape;
  /** series that this scrape itself stored a sample of */
  stored: number | undefined;
  /** what an instant query at its time answers */
  parts: Series[];
  average: number | undefined;
  sum: number | undefined;
  core1: Series[];
  truth: Truth;
};

const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  if (lab.exporter === undefined) return { kind: 'elsewhere', reason: 'the exporter does not answer', type: 'make up' };
  const ups = await storedBetween(read, ofExporter(targetUp), exporterSince(lab), lab.now);
  const at = ups.findLast(([, value]) => value === 1)?.[0];
  if (at === undefined) {
    return { kind: 'wait', seconds: untilScrapes(1, undefined, lab), reason: 'the first scrape of this exporter' };
  }
  const answer = async (expr: string) => only(await read.query(expr, at))[0]?.[1];
  const { cores } = lab.exporter;
  return {
    cores,
    scrape: scrapesIn(await storedBetween(read, ofExporter(scrapeDuration), at, at))(at),
    stored: await answer(`count(count_over_time(${ofExporter(family)}[1ms]))`),
    parts: await read.query(ofExporter(family), at),
    average: await answer(`avg(${ofExporter(family)})`),
    sum: await answer(`sum(${ofExporter(family)})`),
    core1: await read.query(ofExporter(family, 'core="core1"'), at),
    truth: await read.truth(at - 1, at + marginSeconds, { cores: Math.min(shown, cores) }),
  };
};

export const verdict = (measured: Measured): Judgement => ({
  kind: 'measured',
  findings: [...partsFindings(measured), ...wholeClaims(measured)],
});

const valueIn = (series: Series | undefined): number | undefined => series?.samples[0]?.[1];
const partNamed = (parts: Series[], core: string) => parts.find(({ labels }) => labels.core === core);
const number = (value: number | undefined, digits: number) => (value === undefined ? 'nothing' : round(value, digits));

const partsFindings = ({ cores, scrape, stored, parts, truth }: Measured): Finding[] => {
  const compared = Object.entries(truth.cores).map(([core, values]) => {
    const could = couldHaveSeen({ firstSecond: truth.instants[0]!, values }, scrape);
    return { core, value: valueIn(partNamed(parts, core)), could };
  });
  const wrong = compared.filter(({ value, could }) => value === undefined || !could.includes(value));
  const list = compared.map(({ core, value }) => `${core} ${number(value, 2)}`).join(', ');
  const at = clock(scrape.at);
  const findings: Finding[] = [
    {
      claim: `one metric name, ${count(cores, 'core')}, and ${count(stored ?? 0, 'sample')} of it from the scrape at ${at}: a series for each core`,
      holds: stored === cores,
      evidence: `count(count_over_time(${family}[1ms])) at ${at}`,
      expected: `${cores} series, one per core`,
      measured: `${stored ?? 0}`,
      look: `count by (core) (${family})`,
    },
    {
      claim: `each has a value of its own, and it is the true one: ${list}${cores > shown ? `, and ${cores - shown} more` : ''}`,
      holds: wrong.length === 0 && compared.length > 0,
      evidence: `${family} at ${at} against ${truthBetween(scrape.at, scrape.at + 1)}`,
      expected: compared.map(({ core, could }) => `${core} ${could.join(' or ')}`).join(', '),
      measured: list,
      look: `${family} in the table view`,
    },
  ];
  if (parts.length > cores) {
    const fact = `${count(parts.length, 'series')} are shown: ${parts.length - cores} of them are of cores that no longer exist, and no failed scrape has marked them as stale`;
    findings.push({ fact, evidence: `${family} at ${at}` });
  }
  return findings;
};

const wholeClaims = ({ parts, average, sum, core1 }: Measured): Claim[] => {
  const numbers = parts.map((part) => valueIn(part) ?? Number.NaN);
  const total = numbers.reduce((one, other) => one + other, 0);
  const picked = valueIn(partNamed(parts, 'core1'));
  const look = `${family} in the table view`;
  return [
    {
      claim: `avg() is ${number(average, 2)}, the mean of the parts is ${round(mean(numbers), 2)}`,
      holds: agrees(average, mean(numbers)),
      evidence: `avg(${family})`,
      expected: round(mean(numbers), 6),
      measured: number(average, 6),
      look,
    },
    {
      claim: `sum() is ${number(sum, 2)}, the parts add up to ${round(total, 2)}`,
      holds: agrees(sum, total),
      evidence: `sum(${family})`,
      expected: round(total, 6),
      measured: number(sum, 6),
      look,
    },
    {
      claim: `{core="core1"} picks one of them: ${number(valueIn(core1[0]), 2)}`,
      holds: core1.length === 1 && picked !== undefined && valueIn(core1[0]) === picked,
      evidence: oneCore,
      expected: `one series, ${number(picked, 6)}`,
      measured: `${count(core1.length, 'series')}, ${number(valueIn(core1[0]), 6)}`,
      look,
    },
  ];
};

export const check = checkOf(measure, verdict);
