import type { IncidentChoices, Said } from '../../lab/incidents/said.ts';
import type { Notification } from '../../lab/model/reader.ts';
import type { SearchState } from '../../lab/running/diagnosis.ts';
import type { Judged, Unknown } from '../../lab/running/solve.ts';
import type { Answer } from '../src/ask/answer.ts';
import type { ShownExercise } from '../src/exercises.ts';
import type { Alerts, EvaluatedRule, Targets, Unread } from '../src/health.ts';
import type { LiveVerdict, PageState } from '../src/lab.ts';
import type { DrawnPicture } from '../src/picture.ts';
import type { View } from './address.ts';

/** Something that is asked of the lab: two of the same name ask the same. */
export type Question<Reply> = {
  name: string;
  /**
   * @param signal  where it is aborted, nobody waits for the reply any more
   * @throws SourceError with a reason for the reader
   */
  ask: (signal: AbortSignal) => Promise<Reply>;
};

/** What a query is asked with; the end is now and the step follows the range unless they are given. */
export type Query = {
  query: string;
  as: View;
  /** who is asked; the lab's own Prometheus by default */
  of?: string | undefined;
  /** the instant, or the end of the range, unix seconds */
  at?: number | undefined;
  /** the length of the range */
  seconds: number;
  /** between two evaluations of the range */
  step?: number | undefined;
};

/** Everything that the page shows, and whoever knows it: the guide of a running lab, or another lab that can be asked. */
export type Source = {
  state: Question<PageState>;
  /** @param step  its command @param seconds  one of the ranges that a picture has */
  picture: (step: string, seconds: number) => Question<DrawnPicture>;
  /** @param experiment  its number; the one that is followed where it is not given */
  verdict: (experiment: number | undefined) => Question<LiveVerdict>;
  query: (query: Query) => Question<Answer>;
  exercises: Question<ShownExercise[]>;
  search: Question<SearchState>;
  notifications: Question<Notification[]>;
  /** @param of  another Prometheus of the step, by name */
  targets: (of: string | undefined) => Question<Targets | Unread>;
  rules: (of: string | undefined) => Question<{ rules: EvaluatedRule[] } | Unread>;
  alerts: Question<Alerts>;
  /** Judges a learner's query. */
  judge: (answer: { experiment: number; number: number; query: string }) => Question<Judged>;
  /** Judges the cause of a fault that the learner names, or has it revealed. */
  diagnose: (
    answer: { experiment: number; cause: string } | { experiment: number; tell: true },
  ) => Question<Said | Unknown>;
  /** What can be answered to an incident. */
  incidents: Question<IncidentChoices>;
  /** Judges what the learner says of the incident that is on, gives a hint, or says what it was. */
  incident: (question: object) => Question<Said | Unknown>;
  /** What completion asks of Prometheus' API, as fetch() does. */
  complete: typeof fetch;
};

/** Why there is no answer, as the end of a sentence. */
export class SourceError extends Error {}
