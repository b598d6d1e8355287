import type { Target } from '../../lab/evidence/fleet.ts';
import { countedBy, increaseIn, requestsWithin } from '../../lab/evidence/increase.ts';
import { clock, count, duration, round, seconds, truthBetween } from '../../lab/model/format.ts';
import { latency as histogram } from '../../lab/model/metrics.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { agrees } from '../../lab/promql/extrapolation.ts';
import { bucketRates, histogramQuantile } from '../../lab/promql/quantile.ts';
import type { Series } from '../../lab/promql/sample.ts';
import type { Window } from '../../lab/promql/window.ts';

export const quantile = 0.95;
export const nativeJob = 'my_app_native';

export const p95 = (window: string, buckets = `${histogram}_bucket`) =>
  `histogram_quantile(${quantile}, rate(${buckets}[${window}]))`;
export const withoutLe = (window: string) =>
  `histogram_quantile(${quantile}, sum without (le) (rate(${histogram}_bucket[${window}])))`;
export const nativeP95 = (window: string) => `histogram_quantile(${quantile}, rate(${histogram}[${window}]))`;

/** An instance whose requests all take the same time. */
export type Player = Target & { takesSeconds: number; edges: readonly number[]; answer?: number };

export type Players = {
  /** no edge where the requests are, but one below and one above */
  plain: Player;
  /** an edge where they are; all edges below them; where the lab has such instances */
  fixed?: Player;
  beyond?: Player;
  /** undefined where this Prometheus does not scrape it */
  native?: Player;
};

const ofBuckets = ({ series }: Player): Series[] =>
  series.filter(({ labels }) => labels.__name__ === `${histogram}_bucket`);
const figure = (value: number): string => round(value, 4);

export const whatHappened = ({ instance, takesSeconds, truth }: Player, window: Window): Fact => ({
  fact: `what happened: ${count(requestsWithin(truth!, window), 'request')} at ${instance} in the ${seconds(window.windowSeconds)} until ${clock(window.at)}, and each took ${takesSeconds} s`,
  evidence: `${truthBetween(window.at - window.windowSeconds, window.at)}&instance=${instance}`,
});

/** The buckets of all instances, each beside the truth. */
export const whatWasStored = (players: readonly Player[], plain: Player, window: Window): Claim => {
  const each = players.flatMap((player) =>
    ofBuckets(player).map(({ labels, samples }) => {
      const edge = labels.le === '+Inf' ? player.edges.length : player.edges.indexOf(Number(labels.le));
      const totals = player.truth!.latency!.cumulative[edge] ?? [];
      return { player, edge, le: labels.le!, ...increaseIn(samples, countedBy(player.truth!, totals), player, window) };
    }),
  );
  const above = plain.edges.findIndex((edge) => edge > plain.takesSeconds);
  const around = [above - 1, above].map((edge) => each.find((one) => one.player === plain && one.edge === edge));
  const wrong = each.filter(({ isRight }) => !isRight);
  const words = around.map((one) => `${one?.raw} up to ${one?.le} s (truth: ${one?.happened})`);
  return {
    claim: `what was stored is right: between the first scrape in that time and the last, ${plain.instance} counted ${words.join(' and ')}`,
    holds: each.length > 0 && around.every(Boolean) && wrong.length === 0,
    evidence: `${histogram}_bucket[${duration(window.windowSeconds)}] at ${clock(window.at)}, last − first, all ${each.length} buckets beside /truth`,
    expected:
      wrong.map(({ player, le, happened }) => `${happened} at ${player.instance} up to ${le} s`).join(', ') ||
      'a count for each bucket boundary',
    measured: wrong.map(({ raw }) => `${raw}`).join(', ') || 'none',
    look: `${histogram}_bucket in the table view: a restart, or a scrape that is missing?`,
  };
};

const ownP95 = (player: Player, { at, windowSeconds }: Window): number =>
  histogramQuantile(quantile, bucketRates(ofBuckets(player), at, windowSeconds));

const answers = (player: Player, window: Window, claim: string, isShown = true): Claim => {
  const own = ownP95(player, window);
  return {
    claim,
    holds: isShown && agrees(player.answer, own),
    evidence: `${p95(duration(window.windowSeconds))} at ${clock(window.at)}, ${player.instance}`,
    expected: `${own}, by that formula on the stored samples`,
    measured: `${player.answer ?? 'nothing'}`,
    look: `${histogram}_bucket{instance="${player.instance}"}[${duration(window.windowSeconds)}] in the table view`,
  };
};

export const theFault = (player: Player, window: Window): Claim => {
  const { edges, takesSeconds, answer = Number.NaN } = player;
  const above = edges.findIndex((edge) => edge > takesSeconds);
  const [lower, upper] = [edges[above - 1] ?? 0, edges[above]!];
  return answers(
    player,
    window,
    `the 95th percentile is ${figure(answer)} s, where no request took longer than ${takesSeconds} s: all lie in the bucket from ${lower} to ${upper} s, and Prometheus spreads them evenly over it: ${lower} + (${upper} − ${lower}) × ${quantile}`,
    agrees(answer, lower + (upper - lower) * quantile),
  );
};

export const nothingWithoutEdges = (found: number, window: Window): Claim => ({
  claim: 'without the label `le` in the sum there is no answer at all',
  holds: found === 0,
  evidence: `${withoutLe(duration(window.windowSeconds))} at ${clock(window.at)}`,
  expected: 'no series',
  measured: count(found, 'series'),
  look: 'the same query in the table view',
});

export const theFix = (player: Player, window: Window): Claim => {
  const { instance, takesSeconds, answer = Number.NaN } = player;
  return answers(
    player,
    window,
    `the fix: ${instance} has a boundary at ${takesSeconds} s, and says ${figure(answer)} s for the same requests`,
    answer <= takesSeconds,
  );
};

export const beyondTheEdges = (player: Player, window: Window): Claim => {
  const { instance, takesSeconds, edges, answer = Number.NaN } = player;
  return answers(
    player,
    window,
    `beyond the last boundary the answer is that boundary: ${instance} has none over ${edges.at(-1)} s, and says ${figure(answer)} s of requests that take ${takesSeconds} s`,
    answer === edges.at(-1),
  );
};

/** One value in one bucket: whatever a window counts of it, the quantile is the same. */
export const asOneSeries = (player: Player, plain: Player, window: Window): Claim => {
  const { instance, series, answer, edges, takesSeconds } = player;
  const buckets = [...edges, Number.POSITIVE_INFINITY].map((upperBound) => ({
    upperBound,
    count: takesSeconds <= upperBound ? 1 : 0,
  }));
  const own = histogramQuantile(quantile, buckets);
  return {
    claim: `as a native histogram with the same boundaries it is ${count(series.length, 'series')} instead of ${plain.series.length}, and the same ${figure(answer ?? Number.NaN)} s: it costs less and knows no more`,
    holds: series.length === 1 && agrees(answer, own),
    evidence: `${nativeP95(duration(window.windowSeconds))} at ${clock(window.at)}, ${instance}`,
    expected: `1 series, ${own}`,
    measured: `${count(series.length, 'series')}, ${answer ?? 'nothing'}`,
    look: `{__name__=~"${histogram}.*",instance="${instance}"} in the table view`,
  };
};

export const noNative: Fact = {
  fact: `left out: this Prometheus does not have the job ${nativeJob}, which stores a histogram as one series (from 3.9 on)`,
  evidence: `prometheus_target_scrape_pool_targets{scrape_job="${nativeJob}"}`,
};
