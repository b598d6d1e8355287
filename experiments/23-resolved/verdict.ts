import { firedAt, notified } from '../../lab/evidence/alerts.ts';
import { storedSeries, targetsIn } from '../../lab/evidence/fleet.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, storingSeconds } from '../../lab/evidence/samples.ts';
import { grouping } from '../../lab/model/alerts.ts';
import { clock, percent } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { job } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { type Ended, type Measured, verdict, well, wellZeroed } from './findings.ts';
import { freeAt, type Member, type Scene, sceneIn } from './scene.ts';
import { diskFree, failedOrders, fullBelow, orders, orUnknown, rateSeconds, type Watch, watches } from './watch.ts';

/** An alert that is to end, why, and what is true at an instant. */
type Row = Pick<Ended, 'watch' | 'cause'> & { of?: Member; truth: (at: number) => Pick<Ended, 'truly' | 'isBad'> };

const rowsOf = ({ emptied, unread, left, failing }: Scene): Row[] => {
  const free = (share: number, limit: number) => ({ truly: `${percent(100 * share)} is free`, isBad: share < limit });
  const disk = (of: Member, cause: Ended['cause']): Row => ({
    watch: watches.disk,
    cause,
    of,
    truth: (at) => free(freeAt(of, at), fullBelow),
  });
  const mean = (at: number) => [emptied, unread, left].reduce((sum, each) => sum + freeAt(each, at) / 3, 0);
  const since = failing.truth.orders!.failsFrom!;
  return [
    disk(left, 'left'),
    disk(unread, 'unread'),
    { watch: watches.disks, cause: 'averaged', truth: (at) => free(mean(at), 0.3) },
    {
      watch: watches.orders,
      cause: 'idle',
      of: failing,
      truth: (at) => ({ truly: `each order fails since ${clock(since)}`, isBad: at >= since }),
    },
    disk(emptied, 'emptied'),
  ];
};

/** A notification that is later than this counts as lost. */
const deliverySeconds = 15;

/** By then every alert has ended, and its notification has come. */
const dueAt = ({ left, failing }: Scene, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  Math.max(left.leavesAt!, failing.truth.orders!.stopsAt! + rateSeconds) +
  scrapeSeconds +
  2 * evaluationSeconds +
  grouping.intervalSeconds +
  2;

const awaited = 'every alert to end, and for the notifications';

const measure = async (scene: Scene, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const since = activeSince(lab);
  // What has left is no target any more from then on.
  const until = Math.min(lab.now - storingSeconds, scene.left.listedUntil!);
  const window = { at: until, windowSeconds: Math.max(1, until - since) };
  const names = Object.values<Watch>(watches)
    .flatMap((watch) => [watch.alert, orUnknown(watch)])
    .join('|');
  const alerts = await read.samples(`ALERTS{alertname=~"${names}",alertstate="firing"}`, window.windowSeconds, until);
  const evaluations = [...new Set(alerts.flatMap(({ samples }) => samples.map(([at]) => at)))].sort((a, b) => a - b);
  const inbox = await read.notifications();
  const of = async ({ watch, cause, of: member, truth }: Row): Promise<Ended | undefined> => {
    const instance = member?.instance;
    const firing = (alertname: string) => firedAt(alerts, { alertname, instance });
    const ends = (alertname: string) =>
      inbox &&
      notified(inbox, { alertname, instance }, 'resolved').flatMap(({ endsAt = 0 }) =>
        endsAt > since && endsAt <= until ? [endsAt] : [],
      );
    const last = firing(watch.alert).at(-1);
    if (last === undefined) return undefined;
    const endedAt = evaluations.find((at) => at > last);
    const answers = endedAt === undefined ? [] : await read.query(watch.is, endedAt);
    return {
      watch,
      cause,
      ...(instance !== undefined && { instance }),
      endedAt,
      says: answers.find(({ labels }) => labels.instance === instance)?.samples[0]?.[1],
      ...truth(endedAt ?? until),
      resolved: ends(watch.alert),
      later: evaluations.filter((at) => at > last),
      kept: firing(orUnknown(watch)),
      keptResolved: ends(orUnknown(watch)),
    };
  };
  const rows = rowsOf(scene);
  const ended = (await Promise.all(rows.map(of))).filter((each) => each !== undefined);
  // Of the evaluation at which it ends and of one after it.
  const isThere = ({ later, resolved }: Ended) => later.length > 1 && resolved?.length !== 0;
  const due = dueAt(scene, lab);
  if ((ended.length < rows.length || !ended.every(isThere)) && lab.now < due + deliverySeconds) {
    return waitUntil(Math.max(due, lab.now + 1), lab, awaited);
  }
  if (ended.length < rows.length)
    return {
      kind: 'elsewhere',
      reason: 'an alert has never fired: no scrape came while its disk was full, or its orders failed',
    };
  const disks = [scene.emptied, scene.unread, scene.left];
  const stored = targetsIn(await storedSeries(read, { metrics: [diskFree], jobs: [job] }, window), disks);
  const at = ended.find(({ cause }) => cause === 'idle')!.endedAt ?? until;
  const byInstance = async (expr: string): Promise<Record<string, number>> => {
    const own = [scene.failing.instance, scene.healthy.instance];
    const found = (await read.query(expr, at)).filter(({ labels }) => own.includes(labels.instance!));
    return Object.fromEntries(found.map(({ labels, samples }) => [labels.instance!, samples[0]![1]]));
  };
  const [totals, failed] = [await byInstance(orders), await byInstance(failedOrders)];
  const counted = Object.entries(totals).map(([instance, total]) => {
    const own = failed[instance];
    return [instance, { total, ...(own !== undefined && { failed: own }) }] as const;
  });
  return {
    scene,
    disks: disks.map((disk, index) => ({ ...disk, ...stored[index]!, truth: disk.truth })),
    ended,
    ratios: {
      at,
      counted: Object.fromEntries(counted),
      plain: await byInstance(well),
      zeroed: await byInstance(wellZeroed),
    },
  };
};

export const { look, check } = whenItHappened({
  what: sceneIn,
  none: 'no disk fills up, and no orders fail',
  began: ({ left }) => ({ at: left.leavesAt!, was: `${left.instance} left at ${clock(left.leavesAt!)}` }),
  waits: (scene, lab) => ({ until: scene.left.leavesAt!, due: dueAt(scene, lab), reason: awaited }),
  leftovers: ({ left }) => ({ what: 'disks', selector: diskFree, at: left.leavesAt! }),
  measure,
  verdict,
});
