import type { Api, Reader, ServiceAnswer } from '../model/reader.ts';
import { fetchDirect } from './fetch.ts';
import { prometheusApi, toAnswer, toSeries } from './prometheus.ts';
import { type Service, ServiceError } from './service.ts';

const timeoutMilliseconds = 5_000;

/** A learner's query may return very many series; none is right that has more than these. */
const mostSeries = 1_000;

/**
 * How a service that speaks Prometheus' API is asked.
 * @param base     where it is, such as http://127.0.0.1:9090; undefined where it does not run
 * @returns what throws ServiceError, but for `answer`
 */
export const serviceApi = (service: Service, base: string | undefined): Api => {
  const data = (...question: Parameters<ReturnType<typeof prometheusApi>>) => {
    if (base === undefined) throw new ServiceError('unreachable', service, `${service.name} does not run`);
    return prometheusApi(base, service)(...question);
  };
  return {
    ...readings(data, service, base!),
    answer: async (path, parameters = {}) => {
      if (base === undefined) return undefined;
      const url = `${base}/api/v1/${path}?${new URLSearchParams(parameters as Record<string, string>)}`;
      const response = await fetchDirect(url, timeoutMilliseconds).catch(() => undefined);
      return response && answerOf(response.status, await response.text());
    },
  };
};

/** Answers the `data` of an endpoint of Prometheus' API. */
type Ask = (path: string, parameters: Record<string, string | number>) => Promise<unknown>;

/** What is read of whoever speaks Prometheus' API. @param base  names it where its answer is of another shape */
export const readings = (ask: Ask, service: Service, base: string): Pick<Api, 'query' | 'range' | 'samples'> => {
  const series = async (...question: Parameters<Ask>) => toSeries(await ask(...question), base, service);
  return {
    query: (expr, at) => series('query', { query: expr, ...(at === undefined ? {} : { time: at }) }),
    range: (expr, from, to, step) => series('query_range', { query: expr, start: from, end: to, step }),
    samples: (selector, windowSeconds, at) =>
      series('query', { query: `${selector}[${Math.ceil(windowSeconds * 1000)}ms]`, time: at }),
  };
};

/**
 * An instant query of a learner: a refusal is an answer.
 * @param ask  throws ServiceError
 */
export const asking =
  (ask: Ask, service: Service, base: string): Reader['ask'] =>
  async (expr, at) => {
    try {
      return toAnswer(await ask('query', { query: expr, time: at, limit: mostSeries }), base, service);
    } catch (error) {
      if (error instanceof ServiceError && error.kind === 'refused') return { refused: error.words };
      throw error;
    }
  };

/** Reads an answer of Prometheus' API, whatever it says. */
const answerOf = (code: number, text: string): ServiceAnswer => {
  let content: Record<string, unknown> = {};
  try {
    content = Object(JSON.parse(text));
  } catch {
    return { code, status: '', warnings: [], data: undefined, error: text.trim() };
  }
  const { status = '', warnings = [], data, error } = content;
  return {
    code,
    status: String(status),
    warnings: warnings as string[],
    data,
    ...(error === undefined ? {} : { error: String(error) }),
  };
};
