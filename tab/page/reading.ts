import { type Service, ServiceError } from '../../lab/running/service.ts';
import type { Reply } from './engine.ts';

/**
 * What a Reader is made of: the `data` of an answer of the engine.
 * @param get  what Prometheus' HTTP API answers
 * @returns throws ServiceError: `refused` in Prometheus' words, `unreachable` where there is no engine
 */
export const engineData =
  (get: (path: string, parameters: URLSearchParams) => Reply, service: Service) =>
  async (path: string, parameters: Record<string, string | number>): Promise<unknown> => {
    const given = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
    const reply = get(path, new URLSearchParams(Object.fromEntries(given)));
    if (reply.status === 'success') return reply.data;
    if (reply.errorType === 'unavailable') throw new ServiceError('unreachable', service, reply.error);
    throw new ServiceError('refused', service, `Prometheus refused it: ${reply.error}`, { words: reply.error });
  };
