import { clock, count, listed } from '../../lab/model/format.ts';
import type { Truth } from '../../lab/model/lab.ts';
import type { Claim, Fact, Judgement } from '../../lab/model/verdict.ts';
import { connections, database, debug, type Job, mappedJob, of, ofPage, type Scrape } from './scrapes.ts';

type Pods = NonNullable<Truth['pods']>;

/** What Prometheus counts of samples that it scraped and did not store, from one scrape of itself to another. */
export type Refused = { from: number; to: number; rise: number; scrapes: number };

export type Measured = {
  pods: Pods;
  /** the newest scrape of each job */
  scrapes: Readonly<Record<Job, Scrape>>;
  /** series of `up` in the job whose target is renamed */
  shown: number;
  refused: Refused;
  /** of the scrapes that lose samples, since each of the jobs has been scraped */
  times: readonly number[];
};

/** The counters of such samples. */
export const refusals =
  'prometheus_target_scrapes_sample_duplicate_timestamp_total|prometheus_target_scrapes_sample_out_of_order_total|prometheus_target_scrapes_sample_out_of_bounds_total';
export const refusedSamples = `{__name__=~"${refusals}",job="prometheus",instance="prometheus:9090"}`;

export const verdict = ({ pods, scrapes, shown, refused }: Measured): Judgement => ({
  kind: 'measured',
  findings: [
    whatHappened(pods, scrapes.my_app),
    withoutRules(scrapes.my_app, pods),
    theFirstAlone(scrapes.my_app_labeldrop, pods),
    lostSilently(scrapes.my_app_labeldrop, pods),
    noCounter(refused),
    notDropped(
      'my_app_wrong_stage',
      scrapes.my_app_wrong_stage,
      'drop in relabel_configs is about targets, which have no metric name',
      pods,
    ),
    notDropped(
      'my_app_unanchored',
      scrapes.my_app_unanchored,
      'the regex debug has to match the whole name, and matches none',
      pods,
    ),
    dropped(scrapes.my_app_drop, pods),
    nothingKept(scrapes.my_app_two_keeps),
    renamed(scrapes.my_app_labelmap, shown),
    honoured(scrapes.my_app_honor_labels, scrapes.my_app, pods),
  ],
});

const asScraped = ({ scraped, kept, stored, up }: Scrape): string =>
  `${scraped} scraped, ${kept} left, ${stored.length} stored, up ${up}`;
const summed = (stored: Scrape['stored']): number => stored.reduce((sum, { value }) => sum + value, 0);

const whatHappened = ({ open, total }: Pods, { at }: Scrape): Fact => ({
  fact: `what happened: ${total[0]} connections are open, ${listed(open.map((pod) => `${pod.connections} in pod ${pod.pod}`))}`,
  evidence: `/truth?from=${Math.floor(at)}&to=${Math.floor(at)}, pods`,
});

const withoutRules = (scrape: Scrape, { total, open }: Pods): Claim => {
  const stored = of(scrape, connections);
  return {
    claim: `without a rule all is stored: ${count(stored.length, 'series')} of ${connections} in the job my_app, ${summed(stored)} together`,
    holds: stored.length === open.length && summed(stored) === total[0] && scrape.stored.length === scrape.scraped,
    evidence: `sum(${connections}{job="my_app"}) at ${clock(scrape.at)}`,
    expected: `${open.length} series, ${total[0]} together, and every sample stored`,
    measured: `${stored.length} series, ${summed(stored)} together; ${asScraped(scrape)}`,
    look: `${connections} in the table view`,
  };
};

const theFirstAlone = (scrape: Scrape, { open: [first, ...others] }: Pods): Claim => {
  const stored = of(scrape, connections);
  return {
    claim: `what was stored without the label pod: ${stored.map(({ value }) => value).join(', ') || 'nothing'}. Of ${count(others.length + 1, 'sample')} that became one series, that is the first on the page`,
    holds: stored.length === 1 && stored[0]!.value === first!.connections && stored[0]!.labels.pod === undefined,
    evidence: `${connections}{job="my_app_labeldrop"} at ${clock(scrape.at)}`,
    expected: `${first!.connections}, of pod ${first!.pod} alone`,
    measured: stored.map(({ value }) => value).join(', ') || 'nothing',
    look: `${connections} in the table view`,
  };
};

const lostSilently = (scrape: Scrape, { open }: Pods): Claim => ({
  claim: `what Prometheus says of that scrape: ${scrape.scraped} samples scraped, ${scrape.kept} left after relabeling, up ${scrape.up}. ${scrape.stored.length} are stored: ${scrape.kept - scrape.stored.length} lost`,
  holds: scrape.kept - scrape.stored.length === open.length - 1 && scrape.kept === scrape.scraped,
  evidence: `scrape_samples_post_metric_relabeling{job="my_app_labeldrop"} and count(${ofPage('my_app_labeldrop')}) at ${clock(scrape.at)}`,
  expected: `${open.length - 1} lost, and none of them dropped by the rules`,
  measured: asScraped(scrape),
  look: 'scrape_samples_post_metric_relabeling beside the count of what is stored',
});

const noCounter = ({ from, to, rise, scrapes }: Refused): Claim => ({
  claim: `no counter says so: ${count(scrapes, 'scrape')} lost samples from ${clock(from)} to ${clock(to)}, and Prometheus counted ${rise} with a duplicate timestamp, out of order or out of bounds`,
  holds: rise === 0,
  evidence: refusedSamples,
  expected: '0',
  measured: `${rise}`,
  look: 'prometheus_target_scrapes_sample_duplicate_timestamp_total',
});

/** @param rule  what the job says, and why that does nothing */
const notDropped = (job: Job, scrape: Scrape, rule: string, { debugSeries }: Pods): Claim => ({
  claim: `${rule}: ${count(of(scrape, debug).length, 'series')} of ${debug} are stored`,
  holds: of(scrape, debug).length === debugSeries && scrape.kept === scrape.scraped,
  evidence: `count(${debug}{job="${job}"}) at ${clock(scrape.at)}`,
  expected: `${debugSeries}, and no sample dropped`,
  measured: `${of(scrape, debug).length}; ${asScraped(scrape)}`,
  look: `${debug} in the table view`,
});

const dropped = (scrape: Scrape, { debugSeries }: Pods): Claim => ({
  claim: `the right stage and a regex for the whole name: ${scrape.scraped - scrape.kept} samples dropped, ${of(scrape, debug).length} of ${debug} stored`,
  holds: of(scrape, debug).length === 0 && scrape.scraped - scrape.kept === debugSeries,
  evidence: `scrape_samples_scraped{job="my_app_drop"} - scrape_samples_post_metric_relabeling{job="my_app_drop"} at ${clock(scrape.at)}`,
  expected: `${debugSeries} dropped, 0 stored`,
  measured: `${scrape.scraped - scrape.kept} dropped, ${of(scrape, debug).length} stored`,
  look: `${debug} in the table view`,
});

const nothingKept = (scrape: Scrape): Claim => ({
  claim: `keep one metric, then keep another: of ${scrape.scraped} samples ${scrape.kept} are left, ${scrape.stored.length} stored, and up is ${scrape.up}`,
  holds: scrape.scraped > 0 && scrape.kept === 0 && scrape.stored.length === 0,
  evidence: `scrape_samples_post_metric_relabeling{job="my_app_two_keeps"} at ${clock(scrape.at)}`,
  expected: '0 left, 0 stored',
  measured: asScraped(scrape),
  look: 'scrape_samples_post_metric_relabeling == 0',
});

/** @param shown  how many series of `up` have the job's own name */
const renamed = (scrape: Scrape, shown: number): Claim => ({
  claim: `a labelmap that meets a label job renames the job: up{job="my_app_labelmap"} has ${count(shown, 'series')}, and ${scrape.instance} is up in the job ${mappedJob}`,
  holds: shown === 0,
  evidence: `up{job="my_app_labelmap"} and up{job="${mappedJob}"} at ${clock(scrape.at)}`,
  expected: '0 series of that name',
  measured: `${shown}`,
  look: 'up in the table view',
});

/** @param usual  the same in the job my_app, which keeps the target's label */
const honoured = (scrape: Scrape, usual: Scrape, pods: Pods): Claim => {
  const labelsIn = (each: Scrape) => of(each, database).map(({ labels }) => labels);
  const [honours, keeps] = [labelsIn(scrape)[0], labelsIn(usual)[0]];
  const said = `${honours?.instance ?? 'none'}, and in my_app ${keeps?.instance ?? 'none'} with exported_instance ${keeps?.exported_instance ?? 'none'}`;
  return {
    claim: `honor_labels lets the page say who it is: the instance of ${database} is ${said}`,
    holds:
      honours?.instance === pods.database &&
      keeps?.instance === usual.instance &&
      keeps.exported_instance === pods.database,
    evidence: `${database} at ${clock(scrape.at)}`,
    expected: `${pods.database}, and in my_app ${usual.instance} with exported_instance ${pods.database}`,
    measured: said,
    look: `${database} in the table view`,
  };
};
