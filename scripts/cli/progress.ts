import type { SingleBar } from 'cli-progress';
import type { Waiting } from '../../lab/running/check.ts';
import { printable } from './terminal.ts';

/** Shows what a check waits for: a live bar on a terminal, one plain line per reason elsewhere. */
export const createProgress = (isTerminal: boolean, print: (line: string) => void) => {
  let bar: SingleBar | undefined;
  let shown: string | undefined;
  let total = 0;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  const wait = async ({ reason, secondsLeft }: Waiting): Promise<void> => {
    if (reason !== shown) {
      stop();
      shown = reason;
      total = secondsLeft;
      if (isTerminal) {
        // Reading it takes as long as most commands, and few of them wait.
        const { SingleBar } = await import('cli-progress');
        bar = new SingleBar({
          format: `  waiting for ${printable(reason)} {bar} {left} s`,
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(total, 0, { left: secondsLeft });
      } else {
        print(`  waiting about ${secondsLeft} s for ${reason}`);
      }
    }
    bar?.update(Math.max(0, total - secondsLeft), { left: secondsLeft });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  };
  return { wait, stop };
};
