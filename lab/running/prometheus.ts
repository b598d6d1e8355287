import type { Answer } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { askJson, unintelligible } from './service.ts';

const ours = 'Prometheus';

/** An engine may keep answers and hold back what is newest, as VictoriaMetrics does; Prometheus passes this over. */
const nothingKept = { nocache: 1 };

/**
 * Prometheus' HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/
 * @param name  who speaks it, for messages; Prometheus unless it is another engine
 * @returns a function that answers the `data` of one of its endpoints
 * @throws ServiceError; `refused` with Prometheus' own words where it does not take a query
 */
export const prometheusApi =
  (base: string, name = ours) =>
  async (path: string, parameters: Record<string, string | number> = {}): Promise<unknown> => {
    const url = `${base}/api/v1/${path}?${new URLSearchParams({ ...parameters, ...(name === ours ? {} : nothingKept) } as Record<string, string>)}`;
    const answer = await askJson(name, url, undefined, ownWords);
    if (!isObject(answer) || answer.status !== 'success' || answer.data === undefined) {
      throw unintelligible(name, url, answer);
    }
    return answer.data;
  };

/** The reason in an answer such as `{"status":"error","error":"…"}`. */
const ownWords = (text: string): string => {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text;
  }
};

/**
 * The series of an instant or a range query.
 * @throws ServiceError `unintelligible` where the data is of another shape
 */
export const toSeries = (data: unknown, base: string): Series[] => {
  if (!isObject(data) || !Array.isArray(data.result)) throw unintelligible(ours, base, data);
  return data.result.map((each: unknown) => {
    if (!isObject(each) || !isObject(each.metric)) throw unintelligible(ours, base, each);
    const pairs = each.values ?? (each.value === undefined ? [] : [each.value]);
    if (!Array.isArray(pairs)) throw unintelligible(ours, base, each);
    return { labels: each.metric as Record<string, string>, samples: pairs.map((pair) => toSample(pair, base)) };
  });
};

/**
 * What an instant query gave, whatever its type.
 * @throws ServiceError `unintelligible` as above
 */
export const toAnswer = (data: unknown, base: string): Exclude<Answer, { refused: string }> => {
  const { resultType: type, result } = isObject(data) ? data : {};
  if (type === 'vector' || type === 'matrix') return { type, series: toSeries(data, base) };
  if (type === 'scalar' || type === 'string')
    return { type, series: [{ labels: {}, samples: [toSample(result, base)] }] };
  throw unintelligible(ours, base, data);
};

const toSample = (pair: unknown, base: string): Sample => {
  const [at, text] = Array.isArray(pair) ? pair : [];
  if (typeof at !== 'number' || typeof text !== 'string') throw unintelligible(ours, base, pair);
  return [at, toNumber(text)];
};

const infinities: Record<string, number> = {
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

const toNumber = (text: string): number => infinities[text] ?? Number(text);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
