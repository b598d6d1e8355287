import { type Instance, instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lab, Truth } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { fullBelow } from './watch.ts';

/** An instance, with what really happens there from the start of the exporter on. */
export type Member = Instance & { truth: Truth };

/** Who has which part: three disks, and orders at two instances. */
export type Scene = Record<'emptied' | 'unread' | 'left' | 'failing' | 'healthy', Member>;

/** Seconds after the start by which all has happened, and those after which nothing is measured any more. */
const [storySeconds, measuredSeconds] = [40, 180];

/** @returns undefined where the exporter simulates something else */
export const sceneIn = async (lab: Lab, read: Pick<Reader, 'truth'>): Promise<Scene | undefined> => {
  const start = lab.exporter?.startedAt ?? 0;
  const to = Math.max(start + storySeconds, Math.min(lab.now + 11, start + measuredSeconds));
  const parts = instancesIn(lab).filter(({ simulates }) => simulates.includes('disk') || simulates.includes('orders'));
  const members = await Promise.all(
    parts.map(async (part) => ({ ...part, truth: await read.truth(start, to, { instance: part.number }) })),
  );
  const emptied = members.find(({ truth: { disk } }) => (disk?.free.at(-1) ?? 0) >= fullBelow);
  const unread = members.find(({ truth: { disk } }) => disk?.exposed.at(-1) === null);
  const left = members.find(({ truth: { disk }, leavesAt }) => disk !== undefined && leavesAt !== undefined);
  const failing = members.find(({ truth: { orders } }) => orders && orders.stopsAt !== null);
  const healthy = members.find(({ truth: { orders } }) => orders && orders.failsFrom === null);
  return emptied && unread && left && failing && healthy && { emptied, unread, left, failing, healthy };
};

/** The share of a disk that is really free at an instant. */
export const freeAt = ({ truth }: Member, at: number): number =>
  truth.disk!.free[Math.floor(at) - truth.instants[0]!] ?? Number.NaN;
