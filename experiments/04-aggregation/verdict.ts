import { checkOf } from '../../lab/evidence/happening.ts';
import { exporterSince, mean, only, untilScrapes } from '../../lab/evidence/samples.ts';
import { couldHaveSeen, marginSeconds, scrapesIn } from '../../lab/evidence/scrape.ts';
import { clock, count, percent, round, truthBetween } from '../../lab/model/format.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import { cores as family, ofExporter, scrapeDuration } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Claim, Judgement } from '../../lab/model/verdict.ts';
import { agrees } from '../../lab/promql/extrapolation.ts';
import type { Sample, Series } from '../../lab/promql/sample.ts';
import { milliseconds } from '../../lab/promql/window.ts';

export const sum = `sum(${family})`;
export const average = `avg(${family})`;
const scrapesNeeded = 3;
const scrapesRead = 60;
const samplesRead = 20_000;
/** With more cores fewer scrapes are read: an answer has to stay small. */
const mostScrapes = (cores: number): number => Math.max(1, Math.min(scrapesRead, Math.floor(samplesRead / cores)));
/** So often in a row two cores add up to less than 100 % once in a million times. */
const scrapesOfPatience = 20;
/** Of so many cores each value is held against the truth. */
const reportedCores = 2;

export type Measured = {
  lab: Lab;
  /** the cores at each scrape since the exporter began, the last ones */
  scrapes: Scraped[];
  durations: Sample[];
  /** asked at the last of them: the parts, and what Prometheus makes of them */
  parts: number[];
  sum: number | undefined;
  average: number | undefined;
  truth: Truth;
};

/** The values that one scrape stored, by the name of the core. */
export type Scraped = { at: number; values: Map<string, number> };

const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const { scrapeSeconds, now, exporter } = lab;
  if (exporter === undefined) return { kind: 'elsewhere', reason: 'the exporter does not answer', type: 'make up' };
  const { cores } = exporter;
  if (cores < 2) {
    return { kind: 'elsewhere', reason: 'one core cannot add up to more than 100 %', type: 'make up CORES=2' };
  }
  const from = Math.max(exporterSince(lab), now - mostScrapes(cores) * scrapeSeconds);
  const window = Math.max(0.001, now - from);
  const scrapes = scrapesOf(await read.samples(ofExporter(family), window, now), from);
  const waiting = untilOver(scrapes, cores, lab);
  if (waiting !== undefined) return waiting;
  const [first, last] = [scrapes[0]!.at, scrapes.at(-1)!.at];
  const answer = async (expr: string) => only(await read.query(expr, last))[0]?.[1];
  return {
    lab,
    scrapes,
    durations: only(await read.samples(ofExporter(scrapeDuration), window, last)),
    parts: (await read.query(ofExporter(family), last)).map(({ samples }) => samples[0]![1]),
    sum: await answer(`sum(${ofExporter(family)})`),
    average: await answer(`avg(${ofExporter(family)})`),
    truth: await read.truth(first - 1, last + marginSeconds, { cores: Math.min(reportedCores, cores) }),
  };
};

/** Scrapes enough, one of them over 100 % unless that has been waited for long enough. */
const untilOver = (scrapes: readonly Scraped[], cores: number, lab: Lab): Judgement | undefined => {
  const needed = Math.min(scrapesNeeded, mostScrapes(cores));
  const isEnough = scrapes.length >= (scrapes.some(isOver) ? needed : scrapesOfPatience);
  if (isEnough) return undefined;
  const missing = Math.max(1, needed - scrapes.length);
  const reason =
    scrapes.length < needed ? `${count(needed, 'scrape')} of ${family}` : `a scrape at which ${sum} is over 100 %`;
  return { kind: 'wait', seconds: untilScrapes(missing, scrapes.at(-1)?.at, lab), reason };
};

const scrapesOf = (series: readonly Series[], from: number): Scraped[] => {
  const byTime = new Map<number, Scraped>();
  for (const { labels, samples } of series) {
    for (const [at, value] of samples) {
      if (at < from) continue;
      const scrape = byTime.get(milliseconds(at)) ?? { at, values: new Map() };
      byTime.set(milliseconds(at), scrape);
      scrape.values.set(labels.core ?? '', value);
    }
  }
  return [...byTime.values()].sort((one, other) => one.at - other.at);
};

const totalOf = ({ values }: Scraped): number => [...values.values()].reduce((one, other) => one + other, 0);
const isOver = (scrape: Scraped): boolean => totalOf(scrape) > 100;
const meanOf = ({ values }: Scraped): number => mean([...values.values()]);

export const verdict = (measured: Measured): Judgement => {
  const { scrapes, truth } = measured;
  const over = scrapes.filter(isOver);
  return {
    kind: 'measured',
    findings: [
      overClaim(measured, over, truth),
      averageClaim(scrapes),
      trueClaim(measured, truth),
      answersClaim(measured),
    ],
  };
};

const stretchOf = (scrapes: readonly Scraped[]): string =>
  `from ${clock(scrapes[0]!.at)} to ${clock(scrapes.at(-1)!.at)}`;

const overClaim = ({ lab, scrapes, durations }: Measured, over: Scraped[], truth: Truth): Claim => {
  const highest = `${round(Math.max(...scrapes.map(totalOf)), 1)} %`;
  const share = percent((100 * over.length) / scrapes.length);
  const isKnown = lab.exporter!.cores === reportedCores;
  const [least, most] = isKnown ? trulyOver(scrapes, durations, truth) : [1, scrapes.length];
  return {
    claim: `the cores add up to over 100 % in ${over.length} of ${count(scrapes.length, 'scrape')} (${share}), up to ${highest}: a usage that cannot be`,
    holds: over.length > 0 && over.length >= least && over.length <= most,
    evidence: `${sum} > 100, at the scrapes ${stretchOf(scrapes)}`,
    expected: isKnown ? `${least} to ${most} times, as /truth has it` : 'over 100 % at times',
    measured: `${over.length} times, at most ${highest}`,
    look: `${family}: are all cores there?`,
  };
};

/** How often the true cores add up to over 100 %: a scrape meets both in the same second. */
const trulyOver = (scrapes: readonly Scraped[], durations: Sample[], truth: Truth): [least: number, most: number] => {
  const firstSecond = truth.instants[0]!;
  const totals = truth.instants.map((_, index) =>
    Object.values(truth.cores).reduce((all, core) => all + core[index]!, 0),
  );
  const scrapeAt = scrapesIn(durations);
  const could = scrapes.map(({ at }) => couldHaveSeen({ firstSecond, values: totals }, scrapeAt(at)));
  return [
    could.filter((all) => all.every((total) => total > 100)).length,
    could.filter((all) => all.some((total) => total > 100)).length,
  ];
};

const trueClaim = ({ scrapes, durations }: Measured, truth: Truth): Claim => {
  const scrapeAt = scrapesIn(durations);
  const firstSecond = truth.instants[0]!;
  const wrong = scrapes.filter(({ at, values }) =>
    Object.entries(truth.cores).some(
      ([core, held]) => !couldHaveSeen({ firstSecond, values: held }, scrapeAt(at)).includes(values.get(core) ?? -1),
    ),
  );
  return {
    claim: `each part is right on its own: core1 and core2 had their stored values in ${scrapes.length - wrong.length} of ${count(scrapes.length, 'scrape')}`,
    holds: wrong.length === 0,
    evidence: `${family} ${stretchOf(scrapes)} against ${truthBetween(scrapes[0]!.at, scrapes.at(-1)!.at)}`,
    expected: 'each stored value is one that the core had while the scrape was under way',
    measured: `${count(wrong.length, 'scrape')} with another value${wrong[0] ? `, the first at ${clock(wrong[0].at)}` : ''}`,
    look: 'the clocks of the exporter and of Prometheus',
  };
};

const averageClaim = (scrapes: readonly Scraped[]): Claim => {
  const averages = scrapes.map(meanOf);
  const [lowest, highest] = [Math.min(...averages), Math.max(...averages)];
  return {
    claim: `the average of the cores never is: it lies between ${round(lowest, 1)} and ${round(highest, 1)} %`,
    holds: lowest >= 0 && highest <= 100,
    evidence: `${average}, at the scrapes ${stretchOf(scrapes)}`,
    expected: '0 to 100 %',
    measured: `${round(lowest, 1)} to ${round(highest, 1)} %`,
    look: `${family}: a core outside 0 to 100?`,
  };
};

const answersClaim = ({ parts, sum: total, average: middle, scrapes }: Measured): Claim => {
  const added = parts.reduce((one, other) => one + other, 0);
  const number = (value: number | undefined) => (value === undefined ? 'nothing' : `${round(value, 2)} %`);
  return {
    claim: `nothing warns you: sum() says ${number(total)} and avg() ${number(middle)}, each what the arithmetic gives`,
    holds: agrees(total, added) && agrees(middle, mean(parts)),
    evidence: `${sum} and ${average} at ${clock(scrapes.at(-1)!.at)}`,
    expected: `${number(added)} and ${number(mean(parts))}`,
    measured: `${number(total)} and ${number(middle)}`,
    look: `${family} in the table view`,
  };
};

export const check = checkOf(measure, verdict);
