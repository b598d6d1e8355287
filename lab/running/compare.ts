import { only } from '../evidence/samples.ts';
import type { Question } from '../model/comparison.ts';
import type { Lab } from '../model/lab.ts';
import type { Experiment } from '../model/lesson.ts';
import type { Reader } from '../model/reader.ts';
import { agrees } from '../promql/extrapolation.ts';
import { type Reading, readings } from '../promql/readings.ts';
import type { Series } from '../promql/sample.ts';
import { inWindow, lookbackSeconds } from '../promql/window.ts';

/** What one backend holds and says; `answer` is undefined where it says nothing. */
type Said = { stored: readonly Series[]; answer: number | undefined };

export type Row = {
  number: number;
  shows: string;
  truth: number | undefined;
  prometheus: number | undefined;
  backend: number | undefined;
  why: string;
};

/** A row that the running lab cannot give, and why. */
export type NotAsked = Pick<Row, 'number' | 'shows'> & { reason: string };

/** A row that can be asked. */
export type Asked = Pick<Row, 'number' | 'shows'> & { question: Question };

/** @returns every row of the lessons, as far as the running lab has what it is about */
export const questionsOf = async (
  experiments: readonly Experiment[],
  lab: Lab,
  read: Reader,
): Promise<(Asked | NotAsked)[]> => {
  const rows = experiments.flatMap(({ number, comparisons = [] }) => comparisons.map((row) => ({ number, ...row })));
  return Promise.all(
    rows.map(async ({ number, shows, question }) => {
      const made = await question(lab, read);
      return typeof made === 'string' ? { number, shows, reason: made } : { number, shows, question: made };
    }),
  );
};

export const isAsked = (row: Asked | NotAsked): row is Asked => 'question' in row;

/** Asks both at one instant. @param at  unix seconds, for the questions that have no instant of their own */
export const askBoth = async (
  { number, shows, question }: Asked,
  at: number,
  { prometheus, backend }: { prometheus: Reader; backend: Reader },
): Promise<Row> => {
  const instant = question.at ?? at;
  const said = async (read: Reader): Promise<Said> => ({
    stored: await read.samples(question.selector, question.windowSeconds + lookbackSeconds, instant),
    answer: only(await read.query(question.expr, instant))[0]?.[1],
  });
  const [lab, other] = await Promise.all([said(prometheus), said(backend)]);
  return {
    number,
    shows,
    truth: await question.truth(prometheus, instant),
    prometheus: lab.answer,
    backend: other.answer,
    why: reasonFor(question, instant, lab, other),
  };
};

/** Why two backends do not say the same: what arithmetic on the raw samples confirms, and nothing else. */
export const reasonFor = (question: Question, at: number, prometheus: Said, backend: Said): string => {
  if (isSame(backend.answer, prometheus.answer)) return 'the same';
  const stored = withoutMarkers(backend.stored, prometheus.stored);
  const difference = storedDifference(question, at, prometheus.stored, stored);
  if (difference !== undefined) return difference;
  const { prometheus: own, others } = readings[question.reads];
  if (!isSame(prometheus.answer, read(question, at, prometheus.stored, own))) {
    return 'not explained: its raw samples do not give what Prometheus says';
  }
  const confirmed = others.find(({ of }) => agrees(backend.answer, read(question, at, stored, of)));
  return confirmed?.says ?? 'not explained: no reading of its raw samples gives it';
};

/** Two answers of the same question, or two stored values: NaN is like NaN. */
const isSame = (one: number | undefined, other: number | undefined): boolean =>
  Object.is(one, other) || agrees(one, other);

/** What one reading makes of the stored samples. */
const read = (
  { windowSeconds, combined = theOnly }: Question,
  at: number,
  stored: readonly Series[],
  of: Reading['of'],
): number | undefined => {
  const parts = stored.flatMap(({ labels, samples }) => {
    const value = of(samples, at, windowSeconds);
    return value === undefined ? [] : [{ labels, value }];
  });
  return parts.length === 0 ? undefined : combined(parts);
};

const theOnly: NonNullable<Question['combined']> = (parts) => (parts.length === 1 ? parts[0]!.value : undefined);

/** A marker that a series has ended is a NaN, which Prometheus does not return among the samples, and others may. */
const withoutMarkers = (theirs: readonly Series[], ours: readonly Series[]): Series[] => {
  const known = new Map(ours.map(({ labels, samples }) => [nameOf(labels), new Set(samples.map(([at]) => at))]));
  return theirs.map(({ labels, samples }) => ({
    labels,
    samples: samples.filter(([at, value]) => !Number.isNaN(value) || known.get(nameOf(labels))?.has(at)),
  }));
};

/** undefined where both hold the same samples in the window. */
const storedDifference = (
  { windowSeconds }: Question,
  at: number,
  ours: readonly Series[],
  theirs: readonly Series[],
): string | undefined => {
  const flat = (stored: readonly Series[]) =>
    new Map(
      stored.flatMap(({ labels, samples }) =>
        inWindow(samples, at, windowSeconds).map(([time, value]) => [`${nameOf(labels)} ${time}`, value] as const),
      ),
    );
  const [here, there] = [flat(ours), flat(theirs)];
  const lost = [...here].filter(([key]) => !there.has(key));
  const missing = lost.length;
  const more = [...there.keys()].filter((key) => !here.has(key)).length;
  const other = [...here].filter(([key, value]) => there.has(key) && !isSame(there.get(key), value)).length;
  if (missing + more + other === 0) return undefined;
  const isOfNaN = lost.every(([, value]) => Number.isNaN(value));
  const parts = [
    missing > 0 && `${missing} of ${here.size} are missing${isOfNaN ? ', those that are NaN' : ''}`,
    more > 0 && `${more} more are there`,
    other > 0 && `${other} have another value`,
  ];
  return `its raw samples differ: ${parts.filter(Boolean).join(', ')}`;
};

const nameOf = (labels: Record<string, string>): string => JSON.stringify(Object.entries(labels).sort());
