import { clock, count, listed, seconds, truthBetween } from '../../lab/model/format.ts';
import type { Truth } from '../../lab/model/lab.ts';
import type { HeldAlert, Notification } from '../../lab/model/reader.ts';
import type { Claim, Fact } from '../../lab/model/verdict.ts';
import { back, down, hostDown, lateSeconds, type Routing, reachable, switchDown } from './racks.ts';
import { waitSeconds } from './routing.ts';

export type Racks = NonNullable<Truth['racks']>;

/** One copy: the evaluations at which its alerts of the rack that is up again fired, and what was notified of them. */
export type Copy = {
  hosts: readonly (readonly number[])[];
  ofSwitch: readonly number[];
  sent: readonly Notification[][];
};

export type Measured = {
  racks: Racks;
  copies: Readonly<Record<Routing, Copy>>;
  /** samples of the hosts that are up again, and what each may be */
  stored: readonly { at: number; value: number; right: readonly number[] }[];
  /** of the host that fails by itself */
  lonely: readonly Notification[][];
  silenceEndsAt: number;
  /** of the hosts that stay down: what Prometheus says fires now, what Alertmanager has, and what came of them */
  staying: { firing: number; held: readonly HeldAlert[]; received: number };
};

const fires = (sent: readonly Notification[]): boolean => sent.some(({ status }) => status === 'firing');
const isOfHosts = (sent: readonly Notification[]): boolean => sent.every(({ alertname }) => alertname === hostDown);
const shape = (sent: readonly Notification[][]) => ({
  firing: sent.filter(fires),
  resolved: sent.filter((each) => !fires(each)),
});
const sizes = (sent: readonly Notification[][]): string => {
  const { firing, resolved } = shape(sent);
  const most = Math.max(0, ...sent.map(({ length }) => length));
  return `${firing.length} firing and ${resolved.length} resolved, of ${count(most, 'alert')} at most`;
};

export const whatHappened = ({ racks }: Measured): Fact => ({
  fact: `what happened: at ${clock(racks[back].from)} the switches of racks ${back} and ${down} failed, with ${racks[back].hosts} hosts behind each; the one of ${back} was up again at ${clock(racks[back].to!)}. In rack c a host failed by itself`,
  evidence: `${truthBetween(racks[back].from, racks[back].to!)}, racks`,
});

/** Each copy has the same alerts, and they are right. */
export const thirteen = ({ racks, copies, stored }: Measured): Claim => {
  const { hosts } = racks[back];
  const wrong = stored.filter(({ value, right }) => !right.includes(value));
  const all = Object.values(copies);
  const [first = []] = copies.alone.hosts;
  const isSame = (one: readonly number[]) => one.join() === first.join();
  return {
    claim: `Prometheus fires ${hosts + 1} alerts of rack ${back}, in each of ${all.length} copies: ${hosts} hosts and their switch, since ${first[0] === undefined ? 'never' : clock(first[0])}`,
    holds:
      wrong.length === 0 &&
      first.length > 0 &&
      first[0]! >= racks[back].from &&
      all.every((copy) => copy.hosts.length === hosts && copy.hosts.every(isSame) && copy.ofSwitch.length > 0),
    evidence: `ALERTS{rack="${back}",alertstate="firing"}, and ${reachable}{rack="${back}"} beside /truth`,
    expected: `${hosts} of ${hostDown} and 1 of ${switchDown} in each copy, at the same evaluations`,
    measured: `${listed(all.map((copy) => `${copy.hosts.length}`))} hosts; ${count(wrong.length, 'sample')} otherwise than /truth`,
    look: `count by (routing, alertname) (ALERTS{rack="${back}"}) in the graph view`,
  };
};

/** How many notifications a route makes of those alerts. */
const claimOf = (
  { copies }: Measured,
  routing: Routing,
  words: string,
  [firing, resolved]: readonly [number, number],
  holds: (sent: readonly Notification[][]) => boolean = () => true,
): Claim => {
  const { sent } = copies[routing];
  const is = shape(sent);
  return {
    claim: `${routing}: ${count(sent.length, 'notification')}, ${is.firing.length} + ${is.resolved.length}. ${words}`,
    holds: is.firing.length === firing && is.resolved.length === resolved && holds(sent),
    evidence: `the inbox, of routing="${routing}" and rack="${back}"`,
    expected: `${firing} firing and ${resolved} resolved`,
    measured: sizes(sent),
    look: `the inbox, and /api/v2/alerts/groups of Alertmanager`,
    notifies: [hostDown, switchDown],
  };
};
const isEachAlone = (sent: readonly Notification[][]): boolean => sent.every(({ length }) => length === 1);

export const alone = (measured: Measured): Claim => {
  const all = measured.racks[back].hosts + 1;
  return claimOf(measured, 'alone', `Each alert is a group (\`group_by: ['...']\`)`, [all, all], isEachAlone);
};

export const grouped = (measured: Measured): Claim => {
  const { hosts } = measured.racks[back];
  return claimOf(
    measured,
    'grouped',
    `\`group_by: [alertname]\` makes one of ${hosts} hosts, and one of their switch`,
    [2, 2],
    (sent) => sent.filter(isOfHosts).every(({ length }) => length === hosts),
  );
};

export const inhibited = (measured: Measured): Claim =>
  claimOf(
    measured,
    'inhibited',
    `While the switch of a rack fires, its hosts are no news; host c1 has a switch that works, and is reported`,
    [1, 1],
    (sent) => !sent.some((each) => each.some(({ alertname }) => alertname === hostDown)) && measured.lonely.some(fires),
  );

export const late = (measured: Measured): Claim => {
  const all = measured.racks[back].hosts + 1;
  const { hosts, ofSwitch } = measured.copies.late;
  const lag = (ofSwitch[0] ?? Number.NaN) - (hosts[0]?.[0] ?? Number.NaN);
  return claimOf(
    measured,
    'late',
    `The same inhibition, and a switch whose alert has \`for: ${lateSeconds}s\`: it came ${seconds(lag)} after the hosts, which had waited for ${seconds(waitSeconds)}`,
    [all, all],
    (sent) => isEachAlone(sent) && lag > waitSeconds && shape(sent).firing.findLastIndex(isOfHosts) === all - 2,
  );
};

export const silenced = (measured: Measured): Claim => {
  const { racks, silenceEndsAt, copies } = measured;
  const { hosts } = racks[back];
  const isBefore = ([each]: Notification[]) => each!.receivedAt < silenceEndsAt;
  const { firing } = shape(copies.silenced.sent);
  const released = firing.filter((each) => !isBefore(each) && isOfHosts(each));
  const early = firing.filter(isBefore);
  return claimOf(
    measured,
    'silenced',
    `${count(early.length, 'notification')} while the hosts were silenced; at ${clock(silenceEndsAt)} that ended, and ${released.length} came at once`,
    [hosts + 1, hosts + 1],
    () => released.length === hosts && early.length === 1,
  );
};

/** What Prometheus says fires, Alertmanager has, and nobody hears of. */
export const held = ({ racks, staying: { firing, held: alerts, received } }: Measured): Claim => {
  const { hosts } = racks[down];
  const of = (routing: Routing) => alerts.filter(({ labels }) => labels.routing === routing);
  const inhibitedNow = of('inhibited').filter(({ inhibitedBy }) => inhibitedBy > 0).length;
  const silencedNow = of('silenced').filter(({ silencedBy }) => silencedBy > 0).length;
  return {
    claim: `rack ${down} is still down: Prometheus has ${firing} alerts of its hosts that fire, in two copies. Alertmanager has ${inhibitedNow} inhibited and ${silencedNow} silenced, and sent ${received}`,
    holds: firing === 2 * hosts && inhibitedNow === hosts && silencedNow === hosts && received === 0,
    evidence: `ALERTS{alertname="${hostDown}",rack="${down}",alertstate="firing"}, inhibitedBy and silencedBy in /api/v2/alerts of Alertmanager, and the inbox`,
    expected: `${2 * hosts}, ${hosts} inhibited, ${hosts} silenced, and none sent`,
    measured: `${firing}, ${inhibitedNow} inhibited, ${silencedNow} silenced, ${received} sent`,
    look: '/api/v2/alerts of Alertmanager, or its page with Silenced and Inhibited ticked',
  };
};

/** Whether the switch is there before the first host is sent is chance, so this claims nothing. */
export const race = ({ copies, racks }: Measured): Fact => {
  const { firing } = shape(copies.race.sent);
  return {
    fact: `race: without a wait (\`group_wait: 0s\`) the same inhibition let ${count(firing.filter(isOfHosts).length, 'host')} of ${racks[back].hosts} out before the switch was there, this time`,
    evidence: `the inbox, of routing="race" and rack="${back}"`,
  };
};
