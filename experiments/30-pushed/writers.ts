import { clock, count, duration, grouped } from '../../lab/model/format.ts';
import type { Claim } from '../../lab/model/verdict.ts';
import { agrees, growth, increase } from '../../lab/promql/extrapolation.ts';
import type { Sample } from '../../lab/promql/sample.ts';
import { type Devices, isSame, pointsOf, twins } from './pushed.ts';

/** What `increase()` says of the device of two processes, and in which window. */
export type Increase = { at: number; windowSeconds: number; answer: number | undefined };

/** What one process has counted between its first point and its last. */
const countedBy = (points: readonly Sample[]): number => (points.at(-1)?.[1] ?? 0) - (points[0]?.[1] ?? 0);

/** Two processes that push in turn are one series, whose counter seems to start anew at each second point. */
export const twoWriters = (
  { requests }: Devices,
  stored: readonly Sample[],
  { at, windowSeconds, answer }: Increase,
): Claim => {
  const sent = requests.filter(({ device }) => device === 'twins');
  const processes = [1, 2].map((number) => pointsOf(sent.filter(({ process }) => process === number)));
  const counted = processes.reduce((sum, points) => sum + countedBy(points), 0);
  const raw = growth(stored);
  const own = increase(stored, at, windowSeconds);
  const said = (value: number | undefined) => (value === undefined ? 'nothing' : grouped(value));
  const query = `increase(${twins}[${duration(windowSeconds)}])`;
  return {
    claim: `two processes under one name are one series, and each turn to the lower counter is a reset: increase() says ${said(answer)}, of which ${grouped(raw)} lie between the stored points (truth: ${grouped(counted)})`,
    holds: isSame(stored, pointsOf(sent)) && own !== undefined && agrees(answer, own) && raw > counted,
    evidence: `${query} at ${clock(at)}, beside its formula on ${count(stored.length, 'stored point')} and what each process pushed in /truth`,
    expected: `${said(own)} on all ${pointsOf(sent).length} points, and more than ${grouped(counted)} between them`,
    measured: `${said(answer)} on ${stored.length}, ${grouped(raw)} between them`,
    look: `${twins} in the graph view`,
  };
};
