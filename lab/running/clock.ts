import { clock, seconds } from '../model/format.ts';
import { labPrometheus } from './prometheus.ts';
import { ServiceError } from './service.ts';

/** Clocks of one machine and its virtual machine differ by less; what is stored is asked for by the second. */
const toleranceSeconds = 5;

/**
 * Makes sure that this process and Prometheus mean the same by "now": else every wait and every window is another one.
 * @param prometheus  what its `time()` says, unix seconds
 * @param asked     this process' clock before it was asked
 * @param answered  and after
 * @throws ServiceError `clock`, which says by how much they are apart
 */
export const requireSameClock = (prometheus: number, asked: number, answered: number): void => {
  const ahead = prometheus < asked ? asked - prometheus : Math.min(0, answered - prometheus);
  if (Math.abs(ahead) <= toleranceSeconds) return;
  const message = `the clock here (${clock(answered)} UTC) is ${seconds(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} that of Prometheus (${clock(prometheus)} UTC), so what is asked for is not the time that was stored`;
  throw new ServiceError('clock', labPrometheus, message);
};
