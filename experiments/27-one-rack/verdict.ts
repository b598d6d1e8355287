import { alertsStoredFrom, sentTogether } from '../../lab/evidence/alerts.ts';
import { instancesIn, storedSeries, targetsIn } from '../../lab/evidence/fleet.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { activeSince, storingSeconds } from '../../lab/evidence/samples.ts';
import { couldHaveSeen, marginSeconds } from '../../lab/evidence/scrape.ts';
import { grouping } from '../../lab/model/alerts.ts';
import { clock } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { instanceName, job, ofExporter } from '../../lab/model/metrics.ts';
import type { Notification, Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Series } from '../../lab/promql/sample.ts';
import {
  alone,
  type Copy,
  grouped,
  held,
  inhibited,
  late,
  type Measured,
  type Racks,
  race,
  silenced,
  thirteen,
  whatHappened,
} from './findings.ts';
import { back, down, hasRacks, hostDown, lateSeconds, type Routing, reachable, routings, switchDown } from './racks.ts';

/** A notification that is later than this counts as lost. */
const deliverySeconds = 15;
/** What comes later than so long after the switch is up again is not read. */
const afterSeconds = 60;
const awaited = 'the switch to be up again, and for the notifications';

export const racksIn = async (lab: Lab, read: Pick<Reader, 'truth'>): Promise<Racks | undefined> => {
  const at = lab.exporter?.startedAt;
  return at === undefined || !hasRacks(lab) ? undefined : (await read.truth(at, at)).racks;
};

/** By then every RESOLVED has come. */
const dueAt = (racks: Racks, { scrapeSeconds, evaluationSeconds }: Lab): number =>
  racks[back].to! + scrapeSeconds + evaluationSeconds + grouping.intervalSeconds + storingSeconds;

/** @returns the evaluations at which each alert of a rack fired, in a copy */
export const firedIn = (alerts: readonly Series[], alertname: string, routing: Routing, rack: string): number[][] =>
  alerts
    .filter(({ labels }) => labels.alertname === alertname && labels.routing === routing && labels.rack === rack)
    .map(({ samples }) => samples.map(([at]) => at));

/** Until when what is stored is read. */
const readUntil = (racks: Racks, lab: Lab): number =>
  Math.min(lab.now - storingSeconds, racks[back].to! + afterSeconds);

/** What is stored of the alerts since the exporter began. */
export const alertsIn = async (racks: Racks, read: Reader, lab: Lab): Promise<Series[]> => {
  const until = readUntil(racks, lab);
  const since = activeSince(lab);
  const names = `${hostDown}|${switchDown}`;
  const selector = ofExporter('ALERTS', `alertname=~"${names}",alertstate="firing"`);
  return read.samples(selector, Math.max(1, until - since), until);
};

const copyOf = (alerts: readonly Series[], inbox: readonly Notification[], routing: Routing): Copy => ({
  hosts: firedIn(alerts, hostDown, routing, back),
  ofSwitch: firedIn(alerts, switchDown, routing, back)[0] ?? [],
  sent: sentTogether(inbox.filter(({ labels }) => labels.routing === routing && labels.rack === back)),
});

const isOfExporter = ({ instance }: Readonly<Record<string, string>>): boolean => instance === instanceName();

/** Whether it goes on from evaluation to evaluation. */
const isUnbroken = (times: readonly number[], { evaluationSeconds }: Lab): boolean =>
  times.every((at, index) => index === 0 || at - times[index - 1]! < 2.5 * evaluationSeconds);

const measure = async (racks: Racks, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  if (alertsStoredFrom(lab) > racks[back].from)
    return { kind: 'elsewhere', reason: 'Prometheus began so late that it has not stored its first alerts' };
  const [all, alertsHeld, silences] = [await read.notifications(), await read.alerts(), await read.silences()];
  if (all === undefined) return { kind: 'elsewhere', reason: 'the guide, which has the inbox, does not answer' };
  if (alertsHeld === undefined || silences === undefined)
    return { kind: 'elsewhere', reason: 'Alertmanager does not answer' };
  const inbox = all.filter(({ startsAt, labels }) => startsAt >= racks[back].from && isOfExporter(labels));
  const alerts = await alertsIn(racks, read, lab);
  const copies = Object.fromEntries(routings.map((each) => [each, copyOf(alerts, inbox, each)])) as Measured['copies'];
  const due = dueAt(racks, lab);
  const resolved = (routing: Routing) =>
    copies[routing].sent.flat().filter(({ status }) => status === 'resolved').length;
  const every = racks[back].hosts + 1;
  const isThere =
    (['alone', 'grouped', 'late', 'silenced'] as const).every((each) => resolved(each) >= every) &&
    resolved('inhibited') > 0;
  if (!isThere && lab.now < due + deliverySeconds) return waitUntil(Math.max(due, lab.now + 1), lab, awaited);
  const [first = []] = copies.alone.hosts;
  const silence = silences.find(
    ({ matchers, startsAt }) => matchers.includes(`rack="${back}"`) && startsAt < racks[back].from,
  );
  if (silence === undefined)
    return { kind: 'elsewhere', reason: `the hosts of rack ${back} were not silenced when their switch failed` };
  if (first.length === 0 || !isUnbroken(first, lab) || first[0]! + lateSeconds >= silence.endsAt)
    return { kind: 'elsewhere', reason: 'a scrape or an evaluation is missing where the switch was down' };
  const until = readUntil(racks, lab);
  const window = { at: until, windowSeconds: until - activeSince(lab) };
  const stored = await storedSeries(read, { metrics: [reachable], jobs: [job] }, window);
  const [target] = targetsIn(stored, instancesIn(lab).slice(0, 1));
  const truth = await read.truth(Math.floor(activeSince(lab)) - 1, Math.floor(until) + marginSeconds);
  const signal = {
    firstSecond: truth.instants[0]!,
    values: truth.racks![back].unreachable.map((hosts) => (hosts === 0 ? 1 : 0)),
  };
  const now = await read.query(
    ofExporter('ALERTS', `alertname="${hostDown}",rack="${down}",alertstate="firing"`),
    lab.now - storingSeconds,
  );
  const ofDown = (labels: Readonly<Record<string, string>>) =>
    isOfExporter(labels) && labels.alertname === hostDown && labels.rack === down;
  return {
    racks,
    copies,
    stored: target!.series
      .filter(({ labels }) => labels.rack === back)
      .flatMap(({ samples }) =>
        samples.map(([at, value]) => ({ at, value, right: couldHaveSeen(signal, target!.scrapeAt(at)) })),
      ),
    lonely: sentTogether(inbox.filter(({ labels }) => labels.routing === 'inhibited' && labels.rack === 'c')),
    silenceEndsAt: silence.endsAt,
    staying: {
      firing: now.length,
      held: alertsHeld.filter(({ labels }) => ofDown(labels)),
      received: inbox.filter(({ labels }) => ofDown(labels)).length,
    },
  };
};

export const verdict = (measured: Measured): Judgement => ({
  kind: 'measured',
  findings: [whatHappened, thirteen, alone, grouped, inhibited, late, silenced, held, race].map((finding) =>
    finding(measured),
  ),
});

export const { look, check } = whenItHappened({
  what: racksIn,
  none: 'no rack fails',
  began: (racks) => ({ at: racks[back].from, was: `the switch failed at ${clock(racks[back].from)}` }),
  waits: (racks, lab) => ({ until: racks[back].to!, due: dueAt(racks, lab), reason: awaited }),
  measure,
  verdict,
});
