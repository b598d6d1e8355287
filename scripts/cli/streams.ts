/**
 * What cannot be printed ends a command as it ends other tools: silently where the reader has left, such as head, and
 * in a sentence where a full disk takes nothing more.
 */
export const endWhereNothingCanBePrinted = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') process.exit();
      const why = code === 'ENOSPC' ? 'its disk is full' : message;
      if (stream === process.stdout) process.stderr.write(`lab: the output cannot be written: ${why}\n`);
      process.exit(2);
    });
  }
};
