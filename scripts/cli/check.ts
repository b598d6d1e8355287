import type { Lab } from '../../lab/model/lab.ts';
import type { Experiment } from '../../lab/model/lesson.ts';
import { createReader, observe } from '../../lab/running/api.ts';
import type { Applied } from '../../lab/running/applied.ts';
import { type Backend, behindSeconds } from '../../lab/running/backend.ts';
import { exitCode, runCheck } from '../../lab/running/check.ts';
import type { Places } from '../../lab/running/places.ts';
import { suppressionOf } from '../../lab/running/suppression.ts';
import { createProgress } from './progress.ts';
import { report } from './report.ts';
import { print, terminalFrom } from './terminal.ts';

type Options = {
  places: Places;
  /** undefined where no step is known to have been applied */
  applied: Applied | undefined;
  json: boolean;
  /** whether a search may be revealed */
  mayTell: boolean;
  /** asked in place of the lab's Prometheus */
  backend: Backend | undefined;
};

/** `make check-N`: measures, and prints what held. @returns the exit code, see exitCode() */
export const check = async (
  experiment: Experiment,
  { places, applied, json, mayTell, backend }: Options,
): Promise<number> => {
  const { colours, moves } = terminalFrom(process.env, process.stdout.isTTY, json);
  const progress = createProgress(moves, json ? () => {} : print);
  const read = createReader(places, backend);
  const clock = () => Date.now() / 1000;
  const outcome = await runCheck(experiment, {
    observe: async () => asOf(backend, { ...(await observe(places)), ...(applied && { applied }), mayTell }),
    read,
    suppression: suppressionOf(places, read, clock),
    wait: progress.wait,
    clock,
  }).finally(progress.stop);
  const code = exitCode(outcome);
  const { number, slug, insight } = experiment;
  if (json) {
    const { lab, ...rest } = outcome;
    print(
      JSON.stringify(
        { experiment: number, slug, ok: code === 0, ...rest, ...(backend && { backend: backend.name }), lab, insight },
        null,
        2,
      ),
    );
    return code;
  }
  if (backend) print(`Asked: ${backend.name} (QUERY_URL), as it was ${behindSeconds} s ago`);
  if (outcome.kind === 'search') {
    print(`${outcome.reason}.\n  Type: ${outcome.type}`);
  } else if (outcome.kind === 'elsewhere') {
    print(`The lab is not in the state of experiment ${number}: ${outcome.reason}.\n  Type: ${outcome.type}`);
  } else {
    print(report(experiment, outcome.lab, outcome.findings, colours));
    if (outcome.next) print(`  ${colours.bold('Next:')} ${outcome.next}`);
  }
  return code;
};

/** What is sent to a backend is there a little later: the lab is judged as it was before. */
const asOf = (backend: Backend | undefined, lab: Lab): Lab =>
  backend ? { ...lab, now: lab.now - behindSeconds } : lab;
