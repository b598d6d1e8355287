import type { JudgedPart } from '../judging/cause.ts';
import type { Part } from './answer.ts';
import type { Debrief } from './debrief.ts';

/** What is said to a learner who answers, asks for a hint, or wants to have it revealed: of an incident, and of a fault of a lesson. */
export type Said =
  | {
      kind: 'judged';
      parts: readonly JudgedPart<Part>[];
      /** what is right of each fault so far */
      right: readonly (readonly Part[])[];
      /** once every part of every fault is right: how long it took, and what it was */
      solved?: { seconds: number; debrief: readonly Debrief[] };
      /** false where it could not be written down */
      isKept: boolean;
    }
  | { kind: 'hint'; hint: string }
  | { kind: 'given'; debrief: readonly Debrief[] }
  /** there is nothing to be found, or not yet */
  | { kind: 'elsewhere'; reason: string; type: string };

/** An incident that a learner has worked on, as it is kept; a class collects these. */
export type KeptIncident = {
  seed: number;
  level: number;
  /** when it was started, unix seconds */
  startedAt: number;
  /** what is right of each of its faults */
  right: readonly (readonly Part[])[];
  /** from its start until all was right; null before that */
  seconds: number | null;
  /** the learner has asked what it was before that */
  wasGiven: boolean;
};

/** What can be answered, and with what. */
export type IncidentChoices = { places: readonly string[]; causes: readonly string[] };
