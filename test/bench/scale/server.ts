/** Something that holds samples and answers queries about them, in one process or several. */
export type Server = {
  /** answers queries */
  address: string;
  /** each with the address at which it reports itself */
  processes: readonly { pid: number; address: string }[];
  /** of a block, or of parts, that hold all it has; undefined where it writes none so early */
  blockBytes?: () => Promise<number>;
  /** of the log that comes before them; undefined where it writes none */
  logBytes?: () => number;
};
