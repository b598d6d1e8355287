import { createReader, observe } from '../../lab/running/api.ts';
import type { Places } from '../../lab/running/places.ts';
import { ServiceError } from '../../lab/running/service.ts';

/** What Prometheus reports of its remote write, from its newest scrape of itself. */
export type Sending = {
  url: string;
  /** of the newest sample that the backend has taken or refused; undefined where it has answered to none */
  ageSeconds: number | undefined;
  /** samples that it has refused since Prometheus started */
  refused: number;
  /** of those, in the last minute */
  refusedLately: number;
};

/** Of one URL: for five minutes Prometheus also shows the one that it sent to before. */
const metric = (name: string, url: string): string =>
  `prometheus_remote_storage_${name}{job="prometheus",url=${JSON.stringify(url)}}`;

/** A batch waits up to 5 s, a try that failed is repeated after up to 5 s, and the scrape that shows it is of before. */
const queueSeconds = 15;

/**
 * Nothing of it costs a stored sample, so nobody would notice.
 * @param runningSeconds  since Prometheus started
 * @param words           what Prometheus' log says of it last; undefined where it says nothing
 * @returns what is wrong, in words for the learner; undefined where the samples arrive
 */
export const sendingProblem = (
  { url, ageSeconds, refused, refusedLately }: Sending,
  scrapeSeconds: number,
  runningSeconds: number,
  words?: string,
): string | undefined => {
  const limitSeconds = queueSeconds + 2 * scrapeSeconds;
  const silentSeconds = Math.min(ageSeconds ?? Number.POSITIVE_INFINITY, runningSeconds);
  const own = words === undefined ? 'make logs says more' : `Prometheus says: ${words}`;
  const settings = 'Are REMOTE_WRITE_URL, REMOTE_WRITE_USER and the password right?';
  if (refusedLately > 0) {
    const lost = `${refused} samples so far, which it will not be sent again`;
    return `${url} refuses what Prometheus sends: ${lost}. ${settings} ${own}`;
  }
  if (silentSeconds <= limitSeconds) return undefined;
  const since = ageSeconds === undefined ? 'since it started' : `for ${Math.round(ageSeconds)} s`;
  return `Prometheus has sent nothing to ${url} ${since}, and keeps what waits. Does anything answer there? ${own}`;
};

/**
 * The last reason that a log of Prometheus gives for a batch that was not taken.
 * @param log  lines in logfmt, as Prometheus writes them, whatever stands before
 */
export const sendingWords = (log: string): string | undefined => {
  const lines = log.split('\n').filter((line) => line.includes('component=remote '));
  const [, quoted] = /\berr=("(?:[^"\\]|\\.)*"|\S+)/.exec(lines.findLast((line) => / err=/.test(line)) ?? '') ?? [];
  return quoted?.startsWith('"') ? (JSON.parse(quoted) as string).replaceAll(/\s+/g, ' ').trim() : quoted;
};

/** As sendingProblem(), of the running lab; undefined, too, where it sends nothing or Prometheus does not answer. */
export const whetherSending = async (places: Places, log: string): Promise<string | undefined> => {
  try {
    const { scrapeSeconds, prometheusStartedAt, remoteWriteUrl: url, now } = await observe(places);
    if (url === undefined) return undefined;
    const read = createReader(places);
    const value = async (query: string) => (await read.query(query))[0]?.samples[0]?.[1] ?? 0;
    const failed = metric('samples_failed_total', url);
    const [sent, refused, refusedLately] = await Promise.all([
      value(metric('queue_highest_sent_timestamp_seconds', url)),
      value(failed),
      value(`${failed} - (${failed} offset 1m or 0 * ${failed})`),
    ]);
    return sendingProblem(
      { url, ageSeconds: sent > 0 ? now - sent : undefined, refused, refusedLately },
      scrapeSeconds,
      now - prometheusStartedAt,
      sendingWords(log),
    );
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
};
