/** When a wait is said where no line can be rewritten, in seconds; then every minute. */
const saidAt = [1, 10, 30];

/** The sentence of a wait. */
const waitingFor = (services: readonly string[], seconds: number): string =>
  `lab: waiting for ${services.join(', ')} to be ready (${seconds} s)`;

/**
 * Says each second what is waited for, after the first one: on a terminal in one line, elsewhere now and then.
 * @param services  what is not ready yet
 * @returns what ends it, and clears the line
 */
export const sayWaiting = (
  services: () => readonly string[],
  output: { isTTY?: boolean; write: (text: string) => unknown } = process.stderr,
): { stop: () => void } => {
  let seconds = 0;
  const clear = () => output.isTTY && seconds > 0 && output.write('\r\x1b[K');
  const timer = setInterval(() => {
    seconds += 1;
    const line = waitingFor(services(), seconds);
    if (services().length === 0) return;
    if (output.isTTY) output.write(`\r\x1b[K${line}`);
    else if (saidAt.includes(seconds) || seconds % 60 === 0) output.write(`${line}\n`);
  }, 1_000);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
};
