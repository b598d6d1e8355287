import { shiftsReader } from '../../lab/running/backtest.ts';
import { temporaryFolder } from './folder.ts';
import { freePort } from './ports.ts';
import { start, untilAnswers } from './processes.ts';

/** The Prometheus of `make backtest`, empty. */
export const startShiftsPrometheus = async () => {
  const { folder, remove } = temporaryFolder();
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const running = start(['sh', 'prometheus/shifts.sh', folder, address]);
  const stop = async () => {
    await running.stop();
    remove();
  };
  try {
    await untilAnswers('Prometheus', running, `http://${address}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...running, port, address, read: shiftsReader(address), stop };
};
