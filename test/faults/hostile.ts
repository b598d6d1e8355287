import { problemWith } from './hostile/judge.ts';
import { anyRequest, type HostileRequest, type ServiceName } from './hostile/requests.ts';
import { exchange } from './hostile/wire.ts';
import { createRandom } from './random.ts';

export type Ports = Record<ServiceName, number>;

/** How it went: what was sent, what came back by status, and every answer that should not have been. */
export type Outcome = { sent: number; statuses: Record<string, number>; failures: string[]; seconds: number };

const atOnce = 12;

/**
 * Sends a bounded number of hostile requests, a dozen at a time, then ends.
 * @param seed  the same seed sends the same bytes
 */
export const sendHostile = async (ports: Ports, count: number, seed: number): Promise<Outcome> => {
  const random = createRandom(seed);
  const requests = Array.from({ length: count }, () => anyRequest(random));
  const outcome: Outcome = { sent: 0, statuses: {}, failures: [], seconds: 0 };
  const begun = performance.now();
  let next = 0;
  const sendOn = async () => {
    while (next < requests.length) {
      const index = next;
      next += 1;
      const request = requests[index]!;
      const answer = await exchange(ports[request.service], request);
      outcome.sent += 1;
      const status = answer.status ?? (answer.isLate ? 'late' : 'closed');
      outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1;
      const problem = problemWith(request, answer);
      if (problem !== undefined) outcome.failures.push(`request ${index}, ${described(request)}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sendOn));
  outcome.seconds = (performance.now() - begun) / 1_000;
  return outcome;
};

const described = ({ service, method, target, chunks }: HostileRequest): string => {
  const sent = Buffer.concat(chunks.slice(1)).toString('utf8', 0, 200);
  return `${service} ${method} ${target.slice(0, 200)}${sent ? ` with ${JSON.stringify(sent)}` : ''}`;
};
