import type { Express } from 'express';
import { experiments } from '../../experiments/catalogue.ts';
import { onCallStep, shiftsAddress } from '../../lab/base/on-call.ts';
import { shiftsReader, storeMissingShifts } from '../../lab/running/backtest.ts';
import {
  judgeTyped,
  type OnCall,
  references,
  type ShownExperiment,
  type ShownScenario,
  scenarioNames,
  shownScenario,
  type TypedRule,
} from '../../lab/running/on-call.ts';
import type { Places } from '../../lab/running/places.ts';
import { ServiceError } from '../../lab/running/service.ts';
import { RequestError } from './errors.ts';
import { readChoices } from './query.ts';

/** Rules that wait while another one is judged. */
const mostWaiting = 6;

const experimentOf = (slug: string): ShownExperiment => {
  const { number, title } = experiments.find((each) => each.slug === slug)!;
  return { number, title };
};

/**
 * Holds a learner's alerts against recorded shifts, which the Prometheus of `make oncall` holds.
 * @param places  where that one is, while it runs
 */
export const createOnCall = ({ reach }: Pick<Places, 'reach'>) => {
  const scenarios = new Map<string, ShownScenario>();
  const known = new Map<string, Extract<OnCall, { kind: 'references' }>>();
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** One rule at a time: each asks forty questions, and two at once would only both be late. */
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (waiting >= mostWaiting) throw new RequestError('too many rules are being judged: ask again', 429);
    waiting += 1;
    const own = last.then(work);
    last = own.catch(() => {});
    try {
      return await own;
    } finally {
      waiting -= 1;
    }
  };

  const referencesIn = async (address: string, name: string) => {
    const answer = known.get(name) ?? (await references(shiftsReader(address), name));
    // They are the same for as long as this guide runs, whichever Prometheus holds the shifts.
    if (answer.kind === 'references') known.set(name, answer);
    return answer as Extract<OnCall, { kind: 'references' }>;
  };

  return {
    scenario: (name: string): ShownScenario => {
      const shown = scenarios.get(name) ?? shownScenario(name, experimentOf);
      scenarios.set(name, shown);
      return shown;
    },

    /**
     * What the reference rules of a scenario are worth, or a rule that was typed.
     * @throws RequestError where too many ask at once
     */
    judge: (name: string, typed: TypedRule | undefined): Promise<OnCall> =>
      inTurn(async () => {
        const base = reach(shiftsAddress);
        const absent: OnCall = { kind: 'absent', type: `make ${onCallStep.command}` };
        if (base === undefined) return absent;
        const address = new URL(base).host;
        try {
          // It may have been started anew, and is empty then.
          await storeMissingShifts(address);
          const own = await referencesIn(address, name);
          if (typed === undefined) return own;
          return await judgeTyped(shiftsReader(address), name, typed, own.references, experimentOf);
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          return error.kind === 'unreachable' && !error.isSilent ? absent : { kind: 'refused', reason: error.message };
        }
      }),
  };
};

export type OnCallPage = ReturnType<typeof createOnCall>;

const mostCharacters = 4_000;
const names = ['scenario', 'expr', 'for', 'keep'];

/**
 * Reads a rule from a request.
 * @returns undefined where none is typed
 * @throws RequestError that names the parameter and what would be right
 */
export const typedRuleIn = (query: Record<string, unknown>): TypedRule | undefined => {
  const unknown = Object.keys(query).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RequestError(`unknown parameter "${unknown}": use ${names.join(', ')}`);
  const text = (name: string, most: number): string => {
    const value = query[name] ?? '';
    if (typeof value === 'string' && value.length <= most) return value;
    throw new RequestError(`${name} must be a text of at most ${most} characters`);
  };
  const typed = { expr: text('expr', mostCharacters), for: text('for', 40), keep: text('keep', 40) };
  if (typed.expr.trim() !== '') return typed;
  if (typed.for === '' && typed.keep === '') return undefined;
  throw new RequestError('for and keep belong to an expression: expr is missing');
};

const scenarioIn = ({ scenario = scenarioNames[0] }: Record<string, unknown>): string =>
  readChoices({ scenario }, { scenario: scenarioNames }).scenario!;

/**
 * - `GET /api/on-call`: a scenario, before anything is typed
 * - `GET /api/backtest`: what its reference rules are worth, or the rule that is typed
 */
export const addOnCallRoutes = (app: Express, onCall: OnCallPage): void => {
  app.get('/api/on-call', async ({ query }, response) => {
    readChoices(query, { scenario: scenarioNames });
    response.json(onCall.scenario(scenarioIn(query)));
  });
  app.get('/api/backtest', async ({ query }, response) => {
    response.json(await onCall.judge(scenarioIn(query), typedRuleIn(query)));
  });
};
