import { shiftsReader } from '../../lab/running/backtest.ts';
import { startOwn } from './prometheus.ts';

/** The Prometheus of `make backtest`, empty. */
export const startShiftsPrometheus = async () => {
  const own = await startOwn((folder, address) => ['sh', 'prometheus/shifts.sh', folder, address]);
  return { ...own, read: shiftsReader(own.address) };
};
