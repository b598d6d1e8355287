import {
  type Answer,
  answerFrom,
  causes,
  type Part,
  parts,
  places,
  UnreadableAnswer,
} from '../../lab/incidents/answer.ts';
import { type Debrief, debriefOf } from '../../lab/incidents/debrief.ts';
import { judge } from '../../lab/incidents/judge.ts';
import { aroundOf, evidenceOf, type Running, runningIn } from '../../lab/incidents/reading.ts';
import type { KeptIncident, Said } from '../../lab/incidents/said.ts';
import type { Lab } from '../../lab/model/lab.ts';
import { ServiceError } from '../../lab/running/service.ts';
import type { Unknown } from '../../lab/running/solve.ts';
import { RequestError } from './errors.ts';
import type { ExerciseAccess } from './exercises.ts';
import { readKept, writeKept } from './kept.ts';

/** Keeps the incidents that were worked on, the newest last. */
export type IncidentStore = {
  list: () => readonly KeptIncident[];
  /** @returns false where it could not be written down */
  put: (incident: KeptIncident) => boolean;
};

const what = 'which incidents were worked on';
const mostKept = 200;

/**
 * @param file  a JSON file, which need not exist; without one it is kept in memory
 * @param warn  is called where the file cannot be read or written
 */
export const createIncidentStore = (file: string | undefined, warn: (message: string) => void): IncidentStore => {
  let kept = (file !== undefined && readKept(file, isKeptList, what, warn)) || [];
  return {
    list: () => kept,
    put: (incident) => {
      kept = [...kept.filter((each) => !isSame(each, incident)), incident].slice(-mostKept);
      return file === undefined || writeKept(file, kept, what, warn);
    },
  };
};

type Started = Pick<KeptIncident, 'seed' | 'level' | 'startedAt'>;
const isSame = (one: Started, other: Started): boolean =>
  one.seed === other.seed && one.level === other.level && one.startedAt === other.startedAt;

const isKeptList = (content: unknown): content is readonly KeptIncident[] =>
  Array.isArray(content) &&
  content.every((entry) => {
    const { seed, level, startedAt, right } = (entry ?? {}) as Record<string, unknown>;
    return [seed, level, startedAt].every((each) => typeof each === 'number') && Array.isArray(right);
  });

/** An incident that is on: judged by what is stored, and never by what somebody has written down of it. */
export const createIncident = ({
  observe,
  read,
  store,
  clock,
}: Omit<ExerciseAccess, 'store'> & { store: IncidentStore }) => {
  const keptOf = ({ incident: { seed, level }, startedAt, happenings }: Running): KeptIncident => {
    const started = { seed, level, startedAt };
    const none = { ...started, right: happenings.map((): Part[] => []), seconds: null, wasGiven: false };
    return store.list().find((each) => isSame(each, started)) ?? none;
  };
  const known = async (lab: Lab, running: Running) => {
    const [evidence, around] = await Promise.all([evidenceOf(read, lab, running), aroundOf(read, lab, running)]);
    return { evidence, around };
  };
  const debriefIn = async (lab: Lab, running: Running): Promise<Debrief[]> => {
    const notifications = await read.notifications();
    return debriefOf({ ...(await known(lab, running)), startedAt: running.startedAt, notifications, now: lab.now });
  };

  const judged = async (answer: Answer, lab: Lab, running: Running): Promise<Said> => {
    const { evidence, around } = await known(lab, running);
    const judgement = judge(answer, evidence, around);
    const before = keptOf(running);
    const found = judgement.parts.flatMap(({ part, isRight }) => (isRight ? [part] : []));
    const right = before.right.map((own, index) =>
      index === judgement.fault ? parts.filter((part) => own.includes(part) || found.includes(part)) : own,
    );
    const isSolved = right.every((own) => own.length === parts.length);
    const seconds = before.seconds ?? (isSolved ? Math.round(clock() - running.startedAt) : null);
    const isKept = store.put({ ...before, right, seconds });
    return {
      kind: 'judged',
      parts: judgement.parts,
      right,
      isKept,
      ...(isSolved && { solved: { seconds: seconds!, debrief: await debriefIn(lab, running) } }),
    };
  };

  return {
    list: () => ({ places, causes, incidents: store.list() }),

    /**
     * Judges an answer, gives a hint, or says what it was.
     * @param body  of a request: `{ answer: { CAUSE: … } }`, `{ hint: 1 }` or `{ give: true }`
     * @throws RequestError that names what is wrong with it
     */
    ask: async (body: unknown): Promise<Said | Unknown> => {
      const question = questionIn(body, clock());
      try {
        const lab = await observe();
        const running = runningIn(lab);
        if (running === undefined) return { kind: 'elsewhere', reason: 'no incident is on', type: 'make incident' };
        if ('answer' in question) return await judged(question.answer, lab, running);
        if ('hint' in question) return { kind: 'hint', hint: hintOf(question.hint, running, keptOf(running)) };
        store.put({ ...keptOf(running), wasGiven: true });
        return { kind: 'given', debrief: await debriefIn(lab, running) };
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        return { kind: 'unknown', reason: error.message, look: error.look };
      }
    },
  };
};

export type Incidents = ReturnType<typeof createIncident>;

/** Of the first fault of which not everything is right. */
const hintOf = (number: 1 | 2 | 3, { happenings }: Running, { right }: KeptIncident): string => {
  const place = right.findIndex((own) => own.length < parts.length);
  const { fault, chosen } = happenings[Math.max(0, place)]!;
  return fault.hints(chosen)[number - 1]!;
};

type Question = { answer: Answer } | { hint: 1 | 2 | 3 } | { give: true };

const questionIn = (body: unknown, now: number): Question => {
  const { answer, hint, give } = Object(body) as Record<string, unknown>;
  if (give === true) return { give };
  if (hint !== undefined) {
    if (hint === 1 || hint === 2 || hint === 3) return { hint };
    throw new RequestError('hint must be 1, 2 or 3');
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new RequestError('the body must be an object with answer, hint or give');
  }
  try {
    return { answer: answerFrom(answer, now) };
  } catch (error) {
    throw error instanceof UnreadableAnswer ? new RequestError(error.message) : error;
  }
};
