import { experiments } from '../../experiments/catalogue.ts';
import type { Said } from '../../lab/incidents/said.ts';
import { judgeCause } from '../../lab/judging/cause.ts';
import type { Fault } from '../../lab/model/lesson.ts';
import { activeFault, type SearchState } from '../../lab/running/diagnosis.ts';
import { AnswerError, findFault } from '../../lab/running/exercises.ts';
import { ServiceError } from '../../lab/running/service.ts';
import type { Unknown } from '../../lab/running/solve.ts';
import { RequestError } from './errors.ts';
import type { ExerciseAccess } from './exercises.ts';

/** The learner's search for a fault: which were found, and whether the active one may be revealed. */
export const createSearch = ({ observe, store, clock }: Omit<ExerciseAccess, 'read'>) => {
  let revealedAt: number | undefined;
  const searches = experiments.filter(({ faults }) => faults.length > 0);
  const foundIn = (slug: string) =>
    store.list().flatMap(({ exercise, at }) => (exercise.startsWith(`${slug}/fault-`) ? [{ exercise, at }] : []));

  const namedAt = (): number | undefined => {
    const times = searches.flatMap(({ slug }) => foundIn(slug).map(({ at }) => at));
    const all = revealedAt === undefined ? times : [...times, revealedAt];
    return all.length === 0 ? undefined : Math.max(...all);
  };

  return {
    namedAt,

    state: (): SearchState => ({
      namedAt: namedAt(),
      searches: searches.map(({ number, slug, faults }) => ({
        experiment: number,
        causes: faults.map(({ name }) => name),
        found: foundIn(slug).map(({ exercise }) => exercise.replace(`${slug}/fault-`, '')),
      })),
    }),

    /**
     * Judges a cause that the learner names, or reveals it.
     * @param body  an object: `{ experiment, cause }`, or `{ experiment, tell: true }`
     * @throws RequestError that names what is wrong with it
     */
    name: async (body: unknown): Promise<Said | Unknown> => {
      const { experiment, cause, tell } = body as Record<string, unknown>;
      const search = searches.find(({ number }) => number === experiment);
      const named = tell === true && search ? undefined : faultNamed(experiment, cause);
      try {
        const own = search ?? searches[0]!;
        const fault = activeFault(own, await observe());
        if ('kind' in fault) return fault;
        if (named === undefined) {
          revealedAt = clock();
          return {
            kind: 'given',
            debrief: [{ title: `${fault.name}: ${fault.cause}`, facts: [`here ${fault.sign}`] }],
          };
        }
        const part = judgeCause(named, fault);
        if (!part.isRight) return { kind: 'judged', parts: [part], right: [[]], isKept: true };
        const isKept = store.add({ exercise: `${own.slug}/fault-${named.name}`, answer: named.name, at: clock() });
        const says = `${part.says}. Here ${fault.sign}`;
        return { kind: 'judged', parts: [{ ...part, says }], right: [['CAUSE']], isKept };
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        return { kind: 'unknown', reason: error.message, look: error.look };
      }
    },
  };
};

export type Search = ReturnType<typeof createSearch>;

/** Whether a learner's answer is about a fault, and not a query. */
export const isAboutFault = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && ('cause' in body || 'tell' in body);

const faultNamed = (experiment: unknown, cause: unknown): Fault => {
  try {
    return findFault('CAUSE', experiment, cause)[1];
  } catch (error) {
    throw error instanceof AnswerError ? new RequestError(error.message) : error;
  }
};
