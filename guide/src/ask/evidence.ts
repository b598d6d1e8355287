import { parser } from '@prometheus-io/lezer-promql';
import { isRangeVector } from '../../../lab/running/links.ts';

/** A query in a finding's evidence, as it can be asked again. */
export type EvidenceQuery = {
  text: string;
  as: 'graph' | 'table';
  /** the time of day at which it was asked, such as 14:05:10; undefined where the evidence names none */
  at?: string;
};

/** Words of the sentence around a query; PromQL's own `and` stays where the whole is a query. */
const words = new Set('and asked at beside by each fed for from in of over than the times to with'.split(' '));

/** @param evidence  a query, or a sentence about queries: `increase(a[1m]) at 14:05:10, beside /truth` */
export const queriesIn = (evidence: string): EvidenceQuery[] => {
  const pieces = isQuery(evidence) ? [evidence] : piecesOf(evidence).filter(isQuery);
  return [...new Set(pieces)].map((text) => {
    const after = evidence.slice(evidence.indexOf(text) + text.length);
    const [, at] = /^ at (\d\d:\d\d:\d\d)\b/.exec(after) ?? [];
    return { text, as: at !== undefined || isRangeVector(text) ? 'table' : 'graph', ...(at !== undefined && { at }) };
  });
};

/** What stands between the words and the commas of a sentence, brackets and quotes whole. */
const piecesOf = (sentence: string): string[] => {
  const tokens = sentence.match(/\s+|(?:"(?:[^"\\]|\\.)*"|[([{]|[)\]}]|,(?=\s)|[^\s"()[\]{},]+|,)/g) ?? [];
  const pieces = [''];
  let depth = 0;
  for (const token of tokens) {
    const isBetween = depth === 0 && (words.has(token) || token === ',');
    if (/^[([{]$/.test(token)) depth += 1;
    if (/^[)\]}]$/.test(token)) depth -= 1;
    if (isBetween) pieces.push('');
    else pieces[pieces.length - 1] += token;
  }
  return pieces.map((piece) => piece.trim());
};

/** Whether it is PromQL that reads a series; a single word of a sentence is none. */
const isQuery = (text: string): boolean => {
  if (!/[_{[(]|^up$|^ALERTS$/.test(text)) return false;
  let [isWhole, reads] = [true, false];
  parser.parse(text).iterate({
    enter: ({ type, name }) => {
      if (type.isError) isWhole = false;
      if (name === 'VectorSelector') reads = true;
    },
  });
  return isWhole && reads;
};
