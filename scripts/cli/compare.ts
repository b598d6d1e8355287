import { experiments } from '../../experiments/catalogue.ts';
import { clock } from '../../lab/model/format.ts';
import { createReader, observe } from '../../lab/running/api.ts';
import { type Backend, behindSeconds, describedAs } from '../../lab/running/backend.ts';
import { type Asked, askBoth, isAsked, type NotAsked, questionsOf } from '../../lab/running/compare.ts';
import type { Places } from '../../lab/running/places.ts';
import { prometheusApi } from '../../lab/running/prometheus.ts';
import { comparedText, documentOf } from './compared.ts';
import { createProgress } from './progress.ts';
import { print, printError, terminalFrom } from './terminal.ts';

type Options = {
  places: Places;
  backend: Backend;
  /** prints docs/compare.md in place of the table alone */
  document: boolean;
};

/** `make compare`: asks the lab's Prometheus and another backend the same at one instant. @returns the exit code */
export const compareCommand = async ({ places, backend, document }: Options): Promise<number> => {
  const readers = { prometheus: createReader(places), backend: createReader(places, backend) };
  const lab = await observe(places);
  const made = await questionsOf(experiments, lab, readers.prometheus);
  const now = () => Date.now() / 1_000;
  const chosen = instantFor(made.filter(isAsked), now());
  await untilStored(chosen);

  const { asked, late } = inTime(made.filter(isAsked), chosen);
  const notAsked: NotAsked[] = [...made.filter((row): row is NotAsked => !isAsked(row)), ...late];
  const rows = await Promise.all(asked.map((row) => askBoth(row, chosen, readers)));
  const prometheus = `Prometheus ${await versionOf(places)}`;
  const outcome = {
    rows,
    notAsked,
    at: chosen,
    prometheus,
    backend: await describedAs(backend),
    scrapeSeconds: lab.scrapeSeconds,
  };
  print(document ? documentOf(outcome) : comparedText(outcome));
  return rows.length > 0 ? 0 : 1;
};

const versionOf = async ({ prometheus }: Places): Promise<string> =>
  ((await prometheusApi(prometheus)('status/buildinfo')) as { version: string }).version;

/** The first whole second at which every question can be asked, and that a backend has all samples of. */
export const instantFor = (asked: readonly Asked[], now: number): number =>
  Math.max(Math.floor(now - behindSeconds), ...asked.map(({ question }) => Math.ceil(question.from)));

/** The questions that can be asked at an instant, and those whose window is past what they are about. */
export const inTime = (asked: readonly Asked[], at: number): { asked: Asked[]; late: NotAsked[] } => {
  const isLate = ({ question }: Asked) => question.until !== undefined && at > question.until;
  return {
    asked: asked.filter((row) => !isLate(row)),
    late: asked.filter(isLate).map(({ number, shows, question }) => ({
      number,
      shows,
      reason: `what it is about was over at ${clock(question.until!)}: make exp-${number} repeats it`,
    })),
  };
};

const untilStored = async (at: number): Promise<void> => {
  const { moves } = terminalFrom(process.env, process.stderr.isTTY, false);
  const progress = createProgress(moves, printError);
  try {
    for (;;) {
      const secondsLeft = Math.ceil(at + behindSeconds - Date.now() / 1_000);
      if (secondsLeft <= 0) return;
      await progress.wait({ reason: 'a whole window of samples in both', secondsLeft });
    }
  } finally {
    progress.stop();
  }
};
