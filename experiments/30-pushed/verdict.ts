import { instancesIn } from '../../lab/evidence/fleet.ts';
import { waitUntil, whenItHappened } from '../../lab/evidence/happening.ts';
import { only, storingSeconds, surelySince } from '../../lab/evidence/samples.ts';
import { clock } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Judgement } from '../../lab/model/verdict.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import {
  deltaIsRefused,
  type Measured,
  oneBadPoint,
  onlyWitness,
  whatHappened,
  wholeWithoutFault,
} from './findings.ts';
import { counterSaysLess, inOrderIsStored, lateIsLost } from './late.ts';
import { type Devices, isLate, orders, outOfOrder, refused, storySeconds, twins, visits } from './pushed.ts';
import { laterIsWhole, recordedBy, recordedIn, ruleIsLow } from './rule.ts';
import { absenceIsSeen, shownForLong, stillCounts, stoppedIn } from './stopped.ts';
import { twoWriters } from './writers.ts';

/** @returns undefined where the exporter simulates something else */
export const devicesIn = async (lab: Lab, read: Pick<Reader, 'truth'>): Promise<Devices | undefined> => {
  if (!instancesIn(lab).some(({ simulates }) => simulates.includes('devices'))) return undefined;
  const { devices } = await read.truth(lab.now, lab.now);
  return devices && (await read.truth(devices.first, devices.first + storySeconds - 1)).devices;
};

/** By then Prometheus has stored what was sent, has been scraped by itself, and has evaluated the rules. */
const dueAt = (devices: Devices, { scrapeSeconds }: Lab): number =>
  Math.max(devices.first + storySeconds + scrapeSeconds + 2 * storingSeconds, recordedBy(devices));

const awaited = 'what the devices push, and a scrape of Prometheus itself';

const measure = async (devices: Devices, read: Reader, lab: Lab): Promise<Measured | Judgement> => {
  const { first } = devices;
  const end = first + storySeconds - 0.5;
  const stored = await read.samples(`{__name__=~"${orders}|${visits}",job="devices"}`, storySeconds, end);
  const own = async (selector: string) => read.samples(selector, lab.now - surelySince(first), lab.now);
  /** The first sample once all that happens once is counted. */
  const later = (samples: readonly Sample[]) => samples.find(([at]) => at > end);
  const [counters, ooo] = [await own(refused), later(only(await own(outOfOrder)))];
  if (ooo === undefined) return waitUntil(Math.max(dueAt(devices, lab), lab.now + 1), lab, awaited);
  const [at] = ooo;
  const { requests } = (await read.truth(first, Math.ceil(at) + 1)).devices!;
  const sent = requests.filter((request) => request.isBad || isLate({ first, requests }, request));
  const answers = await read.query(`increase(${twins}[${storySeconds}s])`, end);
  return {
    devices,
    stored: Object.fromEntries(
      [...new Set(devices.requests.map(({ device }) => device))].map((device) => [
        device,
        only(stored.filter(({ labels }) => labels.instance === device)),
      ]),
    ),
    outOfOrder: ooo[1],
    refused: {
      counted: counters.reduce((sum, { samples }) => sum + (samples.find(([time]) => time >= at)?.[1] ?? 0), 0),
      least: sent.filter((request) => request.at < at - storingSeconds).length,
      most: sent.filter((request) => request.at <= at + storingSeconds).length,
    },
    increase: { at: end, windowSeconds: storySeconds, answer: only(answers)[0]?.[1] },
    stopped: await stoppedIn(devices, read),
    recorded: await recordedIn(devices, read, lab),
  };
};

export const verdict = (measured: Measured): Judgement => ({
  kind: 'measured',
  findings: [
    whatHappened(measured),
    wholeWithoutFault(measured),
    oneBadPoint(measured),
    deltaIsRefused(measured),
    lateIsLost(measured),
    counterSaysLess(measured),
    inOrderIsStored(measured),
    onlyWitness(measured),
    ruleIsLow(measured.devices, measured.recorded),
    laterIsWhole(measured.devices, measured.recorded),
    twoWriters(measured.devices, measured.stored.twins ?? [], measured.increase),
    shownForLong(measured.stopped),
    stillCounts(measured.stopped),
    absenceIsSeen(measured.stopped),
  ],
});

export const { look, check } = whenItHappened({
  what: devicesIn,
  none: 'no device pushes',
  // A Prometheus that starts takes nothing yet.
  began: ({ first }) => ({ at: first - 1, was: `the devices pushed from ${clock(first)} on` }),
  waits: (devices, lab) => ({ until: dueAt(devices, lab), reason: awaited }),
  measure,
  verdict,
});
