import { clock, seconds } from '../../lab/model/format.ts';
import type { NotAsked, Row } from '../../lab/running/compare.ts';

/** How `make compare` says what it found. */
export type Compared = {
  rows: readonly Row[];
  notAsked: readonly NotAsked[];
  /** when both were asked, unix seconds */
  at: number;
  /** with its version */
  prometheus: string;
  /** with its version, or its URL */
  backend: string;
  scrapeSeconds: number;
};

/** Six significant digits; `nothing` where a backend gives no value, or nothing would be right. */
const figure = (value: number | undefined): string =>
  value === undefined ? 'nothing' : String(Number(value.toPrecision(6)));

const head = ['lesson', 'query', 'truth', 'Prometheus', 'backend', 'why they differ'];

/** The table, as Markdown whose columns stand below each other in a terminal as well. */
export const comparedTable = (rows: readonly Row[]): string => {
  const cells = rows.map(({ number, shows, truth, prometheus, backend, why }) => [
    String(number),
    `\`${shows}\``,
    figure(truth),
    figure(prometheus),
    figure(backend),
    why,
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...cells].map((row) => row[at]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
};

const notAskedLines = (notAsked: readonly NotAsked[]): string[] =>
  notAsked.map(({ number, shows, reason }) => `Not asked: lesson ${number}, ${shows}: ${reason}.`);

const heading = ({ prometheus, backend, at, scrapeSeconds }: Compared): string =>
  `${prometheus} and ${backend}, asked for ${clock(at)} UTC, scrape every ${seconds(scrapeSeconds)}`;

export const comparedText = (compared: Compared): string =>
  [heading(compared), '', comparedTable(compared.rows), '', ...notAskedLines(compared.notAsked)].join('\n').trimEnd();

/** docs/compare.md. */
export const documentOf = (compared: Compared): string => {
  const notAsked = notAskedLines(compared.notAsked);
  return `# Another backend, the same samples

\`make compare DOCS=1\` writes this page. \`make compare\` starts a second backend beside the lab, sends it the same samples by remote write, and queries both for the same instant: what Prometheus says, what the other backend says, and what really happened, by the exporter's \`/truth\`. \`make compare QUERY_URL=http://…\` queries a backend of yours instead and starts nothing; it has to receive the lab's samples (\`make up REMOTE_WRITE_URL=…\`).

Measured on ${new Date(compared.at * 1000).toISOString().slice(0, 10)}: ${heading(compared)}.

${comparedTable(compared.rows)}
${notAsked.length > 0 ? `\n${notAsked.join('\n')}\n` : ''}
**How to read it.** The truth is what happened from the start of the window to its end; samples are taken every few seconds, so that both backends differ from it by up to one scrape at each window boundary. "The same" means equal to nine digits. A reason stands there only where the raw samples of both are equal, Prometheus' own arithmetic gives what Prometheus says, and the other reading, applied to the same samples, gives what the other backend says; else the row says that it is not explained. Where the raw samples differ, nothing is computed: of two samples that relabeling has made one series remote write sends both, and Prometheus keeps the first, another backend either of them; and not every backend stores a NaN. The readings are in \`lab/promql/readings.ts\`, the questions in the folder of each lesson.

Neither of two readings is wrong: one estimates what a whole window would show, the other counts between samples. What matters is that an alert's threshold that was tuned on one of them fires at another level on the other.`;
};
