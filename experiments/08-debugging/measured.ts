import { activeSince, storedBetween } from '../../lab/evidence/samples.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Fault } from '../../lab/model/lesson.ts';
import { cpu as gauge, ofExporter, targetUp } from '../../lab/model/metrics.ts';
import type { Reader, TsdbStatus } from '../../lab/model/reader.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { nearestNames } from './diagnosis.ts';

export const missing = 'fake_metric';
export const up = `${targetUp}{job="my_app"}`;
export const scraped = 'scrape_samples_scraped';
export const kept = 'scrape_samples_post_metric_relabeling';

const lookBackSeconds = 3_600;

export type Measured = {
  lab: Lab;
  fault: Fault;
  /** series of the name that does not exist */
  missingSeries: number;
  /** samples of `up` since the fault is active */
  up: Sample[];
  /** stored samples of the gauge, last hour */
  gauge: Sample[];
  names: string[];
  /** metric names that the exporter serves when asked by hand; none where it does not answer in time */
  served: string[];
  /** samples of the newest scrape, and what relabelling left of them */
  scraped: number | undefined;
  kept: number | undefined;
  /** a name like the gauge's that the exporter does not serve, and that has samples since the fault is active */
  renamed: string | undefined;
  tsdb: TsdbStatus;
};

export const measure = async (read: Reader, lab: Lab, fault: Fault): Promise<Measured> => {
  const since = activeSince(lab);
  const stored = (metric: string, from = since) => storedBetween(read, ofExporter(metric), from, lab.now);
  const last = async (metric: string) => (await stored(metric)).at(-1)?.[1];
  const names = await read.metricNames();
  const served = await read.exporterMetrics();
  const notServed = names.filter((name) => name !== gauge && !served.includes(name));
  const fresh = await Promise.all(
    nearestNames(gauge, notServed).map(async (name) => ((await stored(name)).length > 0 ? [name] : [])),
  );
  return {
    lab,
    fault,
    missingSeries: (await read.query(missing, lab.now)).length,
    up: await stored(targetUp),
    gauge: await stored(gauge, lab.now - lookBackSeconds),
    names,
    served,
    scraped: await last(scraped),
    kept: await last(kept),
    renamed: fresh.flat()[0],
    tsdb: await read.tsdb(),
  };
};
