import type { Answer } from '../model/reader.ts';
import type { Sample, Series } from '../promql/sample.ts';
import { askJson, plainRefusal, type Refusal, type Service, unintelligible } from './service.ts';

/** The lab's own. */
export const labPrometheus: Service = { name: 'Prometheus', of: 'lab' };

/** A backend may keep answers and hold back what is newest, as VictoriaMetrics does; Prometheus passes this over. */
const nothingKept = { nocache: 1 };

/**
 * Prometheus' HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/
 * @param service  who speaks it
 * @returns a function that answers the `data` of one of its endpoints
 * @throws ServiceError; `refused` with its own words where it does not take a query, `slow` where that takes too long
 */
export const prometheusApi =
  (base: string, service: Service = labPrometheus) =>
  async (path: string, parameters: Record<string, string | number> = {}): Promise<unknown> => {
    const url = `${base}/api/v1/${path}?${new URLSearchParams({ ...parameters, ...(service === labPrometheus ? {} : nothingKept) } as Record<string, string>)}`;
    const answer = await askJson({ ...service, probe: `${base}/api/v1/query?query=1`, refusal }, url);
    if (!isObject(answer) || answer.status !== 'success' || answer.data === undefined) {
      throw unintelligible(service, url, answer);
    }
    return answer.data;
  };

/** As in `{"status":"error","errorType":"timeout","error":"…"}`. What is not of that form is not of the API. */
const refusal = (status: number, text: string): Refusal => {
  try {
    const { error, errorType } = JSON.parse(text) as { error?: unknown; errorType?: unknown };
    if (typeof error !== 'string') return plainRefusal(status, text);
    return { kind: errorType === 'timeout' || errorType === 'canceled' ? 'slow' : 'refused', words: error };
  } catch {
    return plainRefusal(status, text);
  }
};

/**
 * The series of an instant or a range query.
 * @throws ServiceError `unintelligible` where the data is of another shape
 */
export const toSeries = (data: unknown, base: string, service: Service): Series[] => {
  if (!isObject(data) || !Array.isArray(data.result)) throw unintelligible(service, base, data);
  return data.result.map((each: unknown) => {
    if (!isObject(each) || !isObject(each.metric)) throw unintelligible(service, base, each);
    const pairs = each.values ?? (each.value === undefined ? [] : [each.value]);
    if (!Array.isArray(pairs)) throw unintelligible(service, base, each);
    return {
      labels: each.metric as Record<string, string>,
      samples: pairs.map((pair) => toSample(pair, base, service)),
    };
  });
};

/**
 * What an instant query gave, whatever its type.
 * @throws ServiceError `unintelligible` as above
 */
export const toAnswer = (data: unknown, base: string, service: Service): Exclude<Answer, { refused: string }> => {
  const { resultType: type, result } = isObject(data) ? data : {};
  if (type === 'vector' || type === 'matrix') return { type, series: toSeries(data, base, service) };
  if (type === 'scalar' || type === 'string')
    return { type, series: [{ labels: {}, samples: [toSample(result, base, service)] }] };
  throw unintelligible(service, base, data);
};

const toSample = (pair: unknown, base: string, service: Service): Sample => {
  const [at, text] = Array.isArray(pair) ? pair : [];
  if (typeof at !== 'number' || typeof text !== 'string') throw unintelligible(service, base, pair);
  return [at, toNumber(text)];
};

const infinities: Record<string, number> = {
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
};

const toNumber = (text: string): number => infinities[text] ?? Number(text);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
