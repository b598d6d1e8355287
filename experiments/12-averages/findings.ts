import type { Target } from '../../lab/evidence/fleet.ts';
import { countedBy, increaseIn, requestsWithin } from '../../lab/evidence/increase.ts';
import { clock, duration, percent, round, truthBetween } from '../../lab/model/format.ts';
import { latency as histogram, requests } from '../../lab/model/metrics.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { agrees, rate } from '../../lab/promql/extrapolation.ts';
import { bucketRates, histogramQuantile } from '../../lab/promql/quantile.ts';
import type { Series } from '../../lab/promql/sample.ts';
import type { Window } from '../../lab/promql/window.ts';

export const routed = 'http_requests_total';
export const errors = 'errors_total';
export const buckets = `${histogram}_bucket`;
const quantile = 0.95;

const failed = (window: string) => `sum by (instance, route) (rate(${routed}{code="500"}[${window}]))`;
const all = (window: string) => `sum by (instance, route) (rate(${routed}[${window}]))`;
const ratios = (window: string) => `rate(${errors}[${window}]) / on (instance) rate(${requests}[${window}])`;

/** What is asked, over a window. */
export const questions = {
  averageP95: (window: string) => `avg(histogram_quantile(${quantile}, rate(${buckets}[${window}])))`,
  pooledP95: (window: string) => `histogram_quantile(${quantile}, sum by (le) (rate(${buckets}[${window}])))`,
  averageRatio: (window: string) => `avg(${ratios(window)})`,
  pooledRatio: (window: string) => `sum(rate(${errors}[${window}])) / sum(rate(${requests}[${window}]))`,
  ratios,
  routes: (window: string) => `${failed(window)} / ${all(window)}`,
};
export type Answers = Record<keyof typeof questions, Series[]>;

/** An instance whose requests all take the same time, on some routes. */
export type Member = Target & { takesSeconds: number; edges: readonly number[] };

const seriesOf = (members: readonly Member[], name: string, labels: Record<string, string> = {}): Series[] =>
  members.flatMap(({ series }) =>
    series.filter(
      (each) =>
        each.labels.__name__ === name && Object.entries(labels).every(([label, value]) => each.labels[label] === value),
    ),
  );

const one = (answers: Series[]): number => answers[0]?.samples[0]?.[1] ?? Number.NaN;
const figure = (value: number): string => `${round(value, 4)} s`;
const share = (value: number): string => percent(100 * value);
const meanOf = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

export const whatHappened = (members: readonly Member[], window: Window): Fact => {
  const counts = members.map(({ truth }) => requestsWithin(truth!, window));
  const total = counts.reduce((sum, value) => sum + value, 0);
  const words = members.map(
    ({ instance, takesSeconds }, index) => `${share(counts[index]! / total)} at ${instance}, each in ${takesSeconds} s`,
  );
  return {
    fact: `what happened: ${total} requests in the ${window.windowSeconds} s until ${clock(window.at)}, ${words.join(', and ')}: 95 of 100 were answered within ${slowest(members)} s`,
    evidence: `${truthBetween(window.at - window.windowSeconds, window.at)}, and with &instance=… for the other`,
  };
};

/** More than 5 % of all requests are the slow ones. */
const slowest = (members: readonly Member[]): number => Math.max(...members.map(({ takesSeconds }) => takesSeconds));

/** Every bucket and every route, beside the truth. */
export const whatWasStored = (members: readonly Member[], window: Window): Claim => {
  const each = members.flatMap((member) => {
    const { cumulative } = member.truth!.latency!;
    const { routes } = member.truth!.errors!;
    const totalsOf = ({ labels }: Series): readonly number[] => {
      if (labels.__name__ === errors) return member.truth!.errors!.total;
      if (labels.__name__ === requests) return member.truth!.requestsTotal!;
      if (labels.__name__ === buckets) {
        return cumulative[labels.le === '+Inf' ? member.edges.length : member.edges.indexOf(Number(labels.le))] ?? [];
      }
      const route = routes.find((known) => known.route === labels.route);
      const { requests: arrived = [], errors: lost = [] } = route ?? {};
      return labels.code === '500' ? lost : arrived.map((value, index) => value - lost[index]!);
    };
    return member.series.map((series) => ({
      name: JSON.stringify(series.labels),
      isAll: series.labels.le === '+Inf',
      instance: member.instance,
      ...increaseIn(series.samples, countedBy(member.truth!, totalsOf(series)), member, window),
    }));
  });
  const wrong = each.filter(({ isRight }) => !isRight);
  const parts = each
    .filter(({ isAll }) => isAll)
    .map(({ instance, raw, happened }) => `${instance} counted ${raw} (truth: ${happened})`);
  return {
    claim: `what was stored is right, in ${each.length} counters: between the first scrape in that time and the last, ${parts.join(' and ')}`,
    holds: parts.length === members.length && wrong.length === 0,
    evidence: `{__name__=~"${[buckets, routed, errors, requests].join('|')}"}[${duration(window.windowSeconds)}] at ${clock(window.at)}, last − first, beside /truth`,
    expected: wrong.map(({ name, happened }) => `${happened} of ${name}`).join(', ') || 'a count of each instance',
    measured: wrong.map(({ raw }) => `${raw}`).join(', ') || 'none',
    look: `${routed} and ${buckets} in the table view: a restart, or a scrape that is missing?`,
  };
};

const p95 = (members: readonly Member[], { at, windowSeconds }: Window): number =>
  histogramQuantile(quantile, bucketRates(seriesOf(members, buckets), at, windowSeconds));

const claimOf = (
  question: keyof typeof questions,
  window: Window,
  [answer, own]: [number, number],
  claim: string,
  isShown: boolean,
): Claim => ({
  claim,
  holds: isShown && agrees(answer, own),
  evidence: `${questions[question](duration(window.windowSeconds))} at ${clock(window.at)}`,
  expected: `${own}, by arithmetic on the stored samples of each instance`,
  measured: `${answer}`,
  look: 'the parts of the query in the table view',
});

/** The bucket of a value: its place among the edges. */
const bucketOf = (edges: readonly number[], value: number): number => {
  const index = edges.findIndex((edge) => value <= edge);
  return index === -1 ? edges.length : index;
};

export const averageOfPercentiles = (members: readonly Member[], answers: Answers, window: Window): Claim => {
  const answer = one(answers.averageP95);
  const each = members.map((member) => p95([member], window));
  const { edges } = members[0]!;
  const isNobodys = members.every(({ takesSeconds }) => bucketOf(edges, takesSeconds) !== bucketOf(edges, answer));
  return claimOf(
    'averageP95',
    window,
    [answer, meanOf(each)],
    `the average of the 95th percentiles (${each.map(figure).join(' and ')}) is ${figure(answer)}: no request came into the bucket of that number`,
    isNobodys,
  );
};

export const pooledPercentile = (members: readonly Member[], answers: Answers, window: Window): Claim => {
  const answer = one(answers.pooledP95);
  const { edges } = members[0]!;
  return claimOf(
    'pooledP95',
    window,
    [answer, p95(members, window)],
    `the fix: the buckets of both summed first, then the percentile: ${figure(answer)}, in the bucket of the ${slowest(members)} s that it really is`,
    bucketOf(edges, answer) === bucketOf(edges, slowest(members)),
  );
};

/** Failed requests per request, each counter extrapolated on its own. */
const ratio = (members: readonly Member[], { at, windowSeconds }: Window, route?: string): number => {
  const perSecond = (name: string, labels: Record<string, string> = {}) =>
    seriesOf(members, name, labels).reduce((sum, { samples }) => sum + (rate(samples, at, windowSeconds) ?? 0), 0);
  return route === undefined
    ? perSecond(errors) / perSecond(requests)
    : perSecond(routed, { route, code: '500' }) / perSecond(routed, { route });
};

export const averageOfRatios = (members: readonly Member[], answers: Answers, window: Window): Claim => {
  const answer = one(answers.averageRatio);
  const each = members.map((member) => ratio([member], window));
  return claimOf(
    'averageRatio',
    window,
    [answer, meanOf(each)],
    `the average of the error ratios (${each.map(share).join(' and ')}) is ${share(answer)}, as if both had as many requests`,
    answer > ratio(members, window),
  );
};

export const pooledRatio = (members: readonly Member[], answers: Answers, window: Window): Claim => {
  const answer = one(answers.pooledRatio);
  return claimOf(
    'pooledRatio',
    window,
    [answer, ratio(members, window)],
    `the fix: the errors of both divided by the requests of both: ${share(answer)}`,
    answer < one(answers.averageRatio),
  );
};

/** Better on each route, worse in all. */
export const simpsonsTurn = (members: readonly Member[], answers: Answers, window: Window): Claim => {
  const [first, second] = [members[0]!, members[1]!];
  const routes = first.truth!.errors!.routes.map(({ route }) => route);
  const answerOf = (series: Series[], member: Member, route?: string) =>
    one(series.filter(({ labels }) => labels.instance === member.instance && labels.route === route));
  const rows = [
    ...routes.map((route) => ({
      name: route,
      of: (member: Member) => answerOf(answers.routes, member, route),
      own: (member: Member) => ratio([member], window, route),
    })),
    {
      name: 'all',
      of: (member: Member) => answerOf(answers.ratios, member),
      own: (member: Member) => ratio([member], window),
    },
  ];
  const isRight = rows.every(({ of, own }) => [first, second].every((member) => agrees(of(member), own(member))));
  const isTurned = rows.every(({ name, of }) => (name === 'all' ? of(second) > of(first) : of(second) < of(first)));
  const parts = rows.map(({ name, of }) => `${name} ${share(of(second))} beside ${share(of(first))}`);
  return {
    claim: `a ratio of all can turn what each route says: ${second.instance} fails less often on each (${parts.slice(0, -1).join(', ')}), and in all more often (${parts.at(-1)!.replace('all ', '')}), since most of its requests are of the heavy route`,
    holds: isRight && isTurned,
    evidence: `${questions.routes(duration(window.windowSeconds))} at ${clock(window.at)}, and the same by instance alone`,
    expected: rows.map(({ name, own }) => `${name} ${own(second)} beside ${own(first)}`).join(', '),
    measured: parts.join(', '),
    look: `${routed} in the table view`,
  };
};
