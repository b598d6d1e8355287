import { durationSeconds } from '../settings/duration.ts';
import { quoted } from '../settings/quoted.ts';
import { BacktestError } from './evaluate.ts';
import { shiftSeconds } from './shift.ts';

/** @param what  whose duration it is, such as `FOR` @throws BacktestError */
export const alertDuration = (what: string, text: string | undefined): number => {
  if (text === undefined || text === '') return 0;
  const seconds = durationSeconds(text);
  if (seconds === undefined) {
    throw new BacktestError(`${what} must be a duration such as 30s or 2m, got ${quoted(text)}`);
  }
  if (seconds >= shiftSeconds) {
    throw new BacktestError(
      `${what} must be shorter than a shift, which is ${shiftSeconds / 60} minutes long, got ${quoted(text)}`,
    );
  }
  return seconds;
};
