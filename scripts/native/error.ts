import type { Environment } from '../../lab/settings/reader.ts';
import { upCommand } from '../cli/up-command.ts';

/** An expected error: its message says what to do, and no stack is shown. */
export class LabError extends Error {}

/** A port that cannot be had, which another one in its place would mend. */
export class PortError extends LabError {
  readonly problem: string;
  /** such as GUIDE_PORT=8081 */
  readonly setting: string;

  /** @param problem  the sentence up to what is to be done */
  constructor(problem: string, setting: string) {
    super(`${problem}choose another port, such as ${upCommand({}, setting)} (.env keeps it)`);
    this.problem = problem;
    this.setting = setting;
  }

  /** @returns the message for a lab of that environment: .env is of the one without a name, at its own ports */
  in(environment: Environment): string {
    const { LAB_NAME, LAB_PORTS } = environment;
    if (!LAB_NAME && !LAB_PORTS) return this.message;
    return `${this.problem}choose another port, such as ${upCommand(environment, this.setting)}`;
  }
}

/** A change that failed when it was under way; after any other error the lab is as it was before. */
export class FailedChange extends LabError {}
