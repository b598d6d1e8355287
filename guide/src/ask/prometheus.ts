import type { Source } from '../../../lab/model/lesson.ts';
import { FetchError, fetchDirect } from '../../../lab/running/fetch.ts';
import type { Places } from '../../../lab/running/places.ts';
import { type Answer, countedSeries, listed, type QueryData } from './answer.ts';
import type { Question } from './question.ts';
import { type Selector, selectorsIn } from './selectors.ts';
import { treeOf } from './tree.ts';

const mostBytes = 8_000_000;
/** The answers that are waited for at the same time; Prometheus itself computes 20 at once. */
const mostAtOnce = 6;

type Reply =
  | { status: 'success'; data: unknown; warnings?: string[]; infos?: string[] }
  | { status: 'error'; error: string };

/**
 * Asks Prometheus, or another source of the step, what a reader of the page wants to know: it can only read.
 * @param places  where they are
 * @param clock  unix seconds
 * @param limitSeconds  a query that takes longer is given up; Prometheus gets the limit, too, and stops computing
 */
export const createAsk = (places: Pick<Places, 'prometheus' | 'reach'>, clock: () => number, limitSeconds = 10) => {
  let atOnce = 0;

  /** @throws Failed */
  const ask = async (path: string, parameters: URLSearchParams, isPost = false, source?: Source): Promise<Reply> => {
    const name = source?.name ?? 'Prometheus';
    const base = source === undefined ? places.prometheus : places.reach(source.address);
    if (base === undefined) throw new Failed(`${name} does not run`);
    if (atOnce >= mostAtOnce) throw new Failed('too many queries are being answered: ask again');
    atOnce += 1;
    try {
      const url = `${base}/api/v1/${path}`;
      const options = isPost
        ? { method: 'POST', body: String(parameters), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
        : {};
      const address = isPost ? url : `${url}?${parameters}`;
      const response = await fetchDirect(address, (limitSeconds + 0.5) * 1_000, { ...options, mostBytes });
      return replyIn(await response.text(), name);
    } catch (error) {
      throw error instanceof FetchError ? new Failed(reasonOf(error, name, limitSeconds)) : error;
    } finally {
      atOnce -= 1;
    }
  };

  const query = async (
    path: 'query' | 'query_range',
    { query: expr, source }: Pick<Question, 'query' | 'source'>,
    times: Record<string, number>,
  ) => {
    const limits = { timeout: `${limitSeconds}s`, limit: String(countedSeries) };
    const parameters = { query: expr, ...limits, ...texts(times), ...source?.parameters };
    const begun = performance.now();
    const reply = await ask(path, new URLSearchParams(parameters), true, source);
    if (reply.status === 'error') throw new Refused(reply.error);
    const notes = [...(reply.warnings ?? []), ...(reply.infos ?? [])].filter(
      (note) => !/truncated due to limit/.test(note),
    );
    return { data: reply.data as QueryData, notes, tookSeconds: (performance.now() - begun) / 1_000 };
  };

  const evaluate = async (question: Question): Promise<Answer> => {
    const { as, at, seconds, stepSeconds } = question;
    const to = as === 'graph' ? Math.floor((at ?? clock()) / stepSeconds) * stepSeconds : (at ?? clock());
    const from = as === 'graph' ? to - Math.floor(seconds / stepSeconds) * stepSeconds : to;
    const { data, notes, tookSeconds } =
      as === 'graph'
        ? await query('query_range', question, { start: from, end: to, step: stepSeconds })
        : await query('query', question, { time: to });
    const step = as === 'graph' ? { stepSeconds } : {};
    return { kind: 'answered', type: data.resultType, ...listed(data), from, to, ...step, notes, tookSeconds };
  };

  const samplesOf = async (
    { text, windowSeconds, offsetSeconds }: Selector,
    at: number,
    { seconds, source }: Question,
  ) => {
    const to = at - offsetSeconds;
    const from = to - windowSeconds - seconds;
    const window = { query: `${text}[${Math.ceil((to - from) * 1_000)}ms]`, source };
    const { data } = await query('query', window, { time: to });
    return { text, windowSeconds, from, to, ...listed(data) };
  };

  /** The stored samples that the query reads for its values in the range. */
  const samples = async (question: Question): Promise<Answer> => {
    const at = question.at ?? clock();
    // Prometheus says what is wrong with a query better than a parser that makes the best of it.
    await query('query', question, { time: at });
    const selectors = await Promise.all(
      selectorsIn(question.query)
        .slice(0, 5)
        .map((each) => samplesOf(each, at, question)),
    );
    return { kind: 'samples', selectors, at };
  };

  /** What each part of the query says. */
  const parts = async (question: Question): Promise<Answer> => {
    const at = question.at ?? clock();
    await query('query', question, { time: at });
    const tree = await treeOf(question.query, async (expr) => {
      const { data } = await query('query', { query: expr, source: question.source }, { time: at });
      return listed(data, Number.POSITIVE_INFINITY).series;
    });
    return { kind: 'parts', tree, at };
  };

  return {
    /** Never throws. */
    answer: async (question: Question): Promise<Answer> => {
      try {
        if (question.as === 'parts') return await parts(question);
        return await (question.as === 'samples' ? samples(question) : evaluate(question));
      } catch (error) {
        if (error instanceof Refused) return { kind: 'refused', words: error.message };
        if (error instanceof Failed) return { kind: 'failed', reason: error.message };
        throw error;
      }
    },
    /** What completion needs, as Prometheus answers it. Never throws. @param path  checked by the caller */
    complete: async (path: string, parameters: URLSearchParams): Promise<Reply> => {
      try {
        return await ask(path, parameters);
      } catch (error) {
        if (error instanceof Failed) return { status: 'error', error: error.message };
        throw error;
      }
    },
  };
};

export type Ask = ReturnType<typeof createAsk>;

class Refused extends Error {}
class Failed extends Error {}

const texts = (numbers: Record<string, number>) =>
  Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, number.toFixed(3)]));

const replyIn = (text: string, name: string): Reply => {
  let reply: { status?: unknown; error?: unknown } | undefined;
  try {
    reply = JSON.parse(text);
  } catch {
    // Treated below like JSON that is not Prometheus'.
  }
  const isReply = reply?.status === 'success' || (reply?.status === 'error' && typeof reply.error === 'string');
  if (!isReply) throw new Failed(`what answers is not ${name}: ${JSON.stringify(text.slice(0, 100))}`);
  return reply as Reply;
};

const reasonOf = ({ failure, message }: FetchError, name: string, limitSeconds: number): string => {
  switch (failure) {
    case 'silent':
      return `given up after ${limitSeconds} s`;
    case 'too large':
      return `the answer is larger than ${mostBytes / 1e6} MB: ask for fewer series or less time`;
    case 'cut off':
      return `${name} broke its answer off: ask again`;
    case 'not HTTP':
      return `what answers is not ${name}: ${message}`;
    case 'unreachable':
      return `${name} does not answer: ${message}`;
  }
};
