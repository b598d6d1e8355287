import { checkOf } from '../../lab/evidence/happening.ts';
import { only, storedBetween, storingSeconds } from '../../lab/evidence/samples.ts';
import { marginSeconds, scrapesIn } from '../../lab/evidence/scrape.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { cpu, ofExporter, scrapeDuration } from '../../lab/model/metrics.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import { countedIn, notificationSeconds } from './counted.ts';
import {
  alertFinding,
  episodesIn,
  inTheInbox,
  knownSeconds,
  type Measured,
  type Stretch,
  whatHappened,
  whatWasStored,
  withoutNotification,
} from './findings.ts';
import { earlierSeconds, episodesOf, halfPeriodSeconds, recordedCpu, rules } from './flap.ts';

const all = Object.values(rules);
const signal = 'square';

const measure = async (read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  if (lab.exporter?.signal !== signal) {
    return { kind: 'elsewhere', reason: `the exporter simulates the signal ${lab.exporter?.signal ?? 'none'}` };
  }
  const since = countedIn(lab).from;
  const until = lab.now - storingSeconds;
  const between = (selector: string, before = 0) => storedBetween(read, selector, since - before, until);
  const notifications = await read.notifications();
  const stored = await read.samples(
    ofExporter('ALERTS', `alertname=~"${all.map(({ alert }) => alert).join('|')}",alertstate="firing"`),
    Math.max(1, until - since) + knownSeconds,
    until,
  );
  return {
    lab,
    recorded: await between(ofExporter(recordedCpu), rules.average.windowSeconds + earlierSeconds),
    gauge: await between(ofExporter(cpu)),
    scrapeAt: scrapesIn(await between(ofExporter(scrapeDuration))),
    firing: Object.fromEntries(
      all.map(({ alert }) => [alert, only(stored.filter(({ labels }) => labels.alertname === alert))]),
    ),
    notifications: notifications?.filter(({ alertname }) => all.some(({ alert }) => alert === alertname)),
    truth: await read.truth(Math.floor(Math.min(since, lab.now)) - 1, lab.now + marginSeconds),
  };
};

/** One that is later still counts as lost. */
const deliverySeconds = 15;

/** A wave that was under way before the stretch is left out: how long it has lasted is not known. */
const stretchOf = ({ lab, recorded }: Measured): Stretch | undefined => {
  const since = countedIn(lab).from;
  const until = recorded.findLast(([at]) => at <= countedIn(lab).until)?.[0];
  const first = recorded.findIndex(([at]) => at >= since);
  if (first === -1 || until === undefined) return undefined;
  const before = recorded[first - 1];
  const isUnderWay = before !== undefined && recorded[first]![0] - before[0] < 2.5 * lab.evaluationSeconds;
  const start = recorded.find(([at, value]) => at >= since && (!isUnderWay || value <= rules.atOnce.thresholdPercent));
  return start === undefined || start[0] > until ? undefined : { from: start[0], until };
};

/** So many episodes can be distinguished from one that never ends. */
const enough = 2;

/** Seconds until the rule that needs longest has begun to fire so often, and its message has come. */
const untilEnough = ({ lab, recorded }: Measured): number => {
  const since = countedIn(lab).from;
  const begun = episodesOf(rules.for10s, recorded, since);
  const perceived = lab.scrapeSeconds + lab.evaluationSeconds;
  if (begun.length >= enough) return begun[enough - 1]! + notificationSeconds + lab.evaluationSeconds - lab.now;
  const second =
    begun[0] === undefined ? since + 3 * halfPeriodSeconds + 10 + perceived : begun[0] + 2 * halfPeriodSeconds;
  return Math.max(second, lab.now) + notificationSeconds + lab.evaluationSeconds - lab.now;
};

export const verdict = (measured: Measured): Judgement => {
  const { lab, truth } = measured;
  const stretch = stretchOf(measured);
  const slowest = stretch && episodesIn(measured, rules.for10s, stretch);
  if (stretch === undefined || slowest === undefined || slowest.expected.length < enough) {
    return {
      kind: 'wait',
      seconds: Math.max(1, Math.ceil(untilEnough(measured))),
      reason: 'the CPU to be high twice, and for the notifications',
    };
  }
  const isAwaited = all.some((rule) =>
    withoutNotification(episodesIn(measured, rule, stretch)).some(
      (at) => lab.now - at < notificationSeconds + deliverySeconds,
    ),
  );
  if (isAwaited) return { kind: 'wait', seconds: deliverySeconds, reason: 'a notification that is on its way' };
  return {
    kind: 'measured',
    findings: [
      whatHappened(truth, stretch),
      whatWasStored(measured, truth, stretch),
      ...all.map((rule) => alertFinding(measured, rule, stretch)),
      ...inTheInbox(measured),
    ],
  };
};

export const check = checkOf(measure, verdict);
