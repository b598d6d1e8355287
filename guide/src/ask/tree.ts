import { flat, nameIn, type Part, partsOf } from './parts.ts';
import type { AnsweredSeries } from './series.ts';

/** A part of a query with what it says at one instant. */
export type AskedPart = Omit<Part, 'parts'> & {
  parts: AskedPart[];
  total: number;
  /** the first of them */
  series: AnsweredSeries[];
  /** of an empty part whose parts are not: why it is empty, a sentence */
  why?: string;
};

/** An instant query. @throws where it cannot be answered */
export type Instant = (query: string) => Promise<AnsweredSeries[]>;

/** More than a query has that anybody reads. */
const mostParts = 24;
const mostSeries = 5;

/**
 * A query taken apart: each part is asked at the same instant.
 * @returns undefined where it has no parts
 */
export const treeOf = async (query: string, ask: Instant): Promise<AskedPart | undefined> => {
  const root = partsOf(query);
  if (root === undefined || flat(root).length > mostParts) return undefined;
  const asked = async (part: Part): Promise<AskedPart & { all: AnsweredSeries[] }> => {
    // One after the other: the guide answers few queries at once.
    const parts: Awaited<ReturnType<typeof asked>>[] = [];
    for (const each of part.parts) parts.push(await asked(each));
    const all = await ask(part.text);
    const why = all.length === 0 ? await whyEmpty(part, parts, ask) : undefined;
    return { ...part, parts, all, total: all.length, series: all.slice(0, mostSeries), ...(why && { why }) };
  };
  return shownOf(await asked(root));
};

const shownOf = ({ all: _, parts, ...part }: AskedPart & { all?: AnsweredSeries[] }): AskedPart => ({
  ...part,
  parts: parts.map(shownOf),
});

type Answered = Part & { all: AnsweredSeries[] };

const whyEmpty = async (part: Part, parts: readonly Answered[], ask: Instant): Promise<string | undefined> => {
  if (part.kind === 'selector' || part.kind === 'range') return whyNoSeries(part, ask);
  // What is in it says why.
  if (parts.some(({ all }) => all.length === 0) && part.operator !== 'or' && part.operator !== 'unless')
    return undefined;
  const [left, right] = parts;
  if (left === undefined) return undefined;
  if (part.kind === 'function' && (left.kind === 'range' || left.kind === 'subquery')) {
    const most = Math.max(...left.all.map(({ samples }) => samples.length));
    if (most < 2) return `no series has more than ${most} sample in this window, and it takes two`;
  }
  if (part.kind !== 'operation') return undefined;
  if (right === undefined || /^(==|!=|<|>|<=|>=)/.test(part.operator ?? '')) {
    if (right === undefined || sharesLabels(part, left, right)) return `no value fulfils ${part.operator}`;
  }
  if (part.operator === 'unless') return 'each series on the left has one on the right with the same labels';
  return right && unmatched(left, right);
};

const whyNoSeries = async ({ text }: Part, ask: Instant): Promise<string | undefined> => {
  const name = nameIn(text);
  const selector = text
    .replace(/^\(+|\)+$/g, '')
    .replace(/\[[^\]]*\].*$/, '')
    .replace(/\s+(offset|@).*$/, '');
  const earlier = await ask(`last_over_time((${selector})[1h:15s])`).catch(() => []);
  if (earlier.length > 0) return 'there is no sample in this time, and there was one within the last hour';
  if (name === undefined) return 'no series has these labels';
  const named = await ask(`group(last_over_time(${name}[1h]))`).catch(() => []);
  return named.length > 0
    ? `there are series of the name ${name}, and none of them has these labels`
    : `no series is called ${name}`;
};

const valuesOf = (series: readonly AnsweredSeries[], label: string) =>
  new Set(series.map(({ labels }) => labels[label] ?? ''));

/** The labels by which two sides are matched: all but the name, or those that the query names. */
const matchedBy = (part: Part, left: Answered, right: Answered): string[] => {
  const [, how, listed = ''] = /\b(on|ignoring)\s*\(([^)]*)\)/.exec(part.text.slice(left.to - part.from)) ?? [];
  const given = listed.split(',').map((each) => each.trim());
  const all = [...new Set([...left.all, ...right.all].flatMap(({ labels }) => Object.keys(labels)))];
  if (how === 'on') return given;
  return all.filter((label) => label !== '__name__' && !(how === 'ignoring' && given.includes(label)));
};

const sharesLabels = (part: Part, left: Answered, right: Answered) => {
  const names = matchedBy(part, left, right);
  const key = ({ labels }: AnsweredSeries) => JSON.stringify(names.map((name) => labels[name] ?? ''));
  const keys = new Set(left.all.map(key));
  return right.all.some((each) => keys.has(key(each)));
};

/** Which labels keep two sides from meeting. */
const unmatched = (left: Answered, right: Answered): string => {
  const names = [...new Set([...left.all, ...right.all].flatMap(({ labels }) => Object.keys(labels)))];
  const apart = names
    .filter((name) => name !== '__name__')
    .filter((name) => {
      const others = valuesOf(right.all, name);
      return [...valuesOf(left.all, name)].every((value) => !others.has(value));
    });
  const sides = apart.map(
    (name) => `${name} (${listed(valuesOf(left.all, name))} and ${listed(valuesOf(right.all, name))})`,
  );
  return sides.length === 0
    ? 'no series on the left has the same labels as one on the right'
    : `the two sides differ in ${sides.join(', ')}: on() or ignoring() says by which labels they are matched`;
};

const listed = (values: Set<string>): string => {
  const shown = [...values].slice(0, 3).map((value) => (value === '' ? 'without it' : value));
  return values.size > 3 ? `${shown.join(', ')} …` : shown.join(', ');
};
