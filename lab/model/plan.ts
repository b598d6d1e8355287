import type { Lab } from './lab.ts';

/** A rule of Prometheus, as a rules.yml has it: a test ties the two. */
export type Rule = { expr: string; labels?: Readonly<Record<string, string>> } & (
  | { record: string }
  | { alert: string; forSeconds?: number; keepFiringForSeconds?: number }
);

/** What an experiment is in the simulated lab: its change, and what Prometheus makes of it. */
export type Plan = {
  /** what its compose.yaml sets for the exporter, which a test ties to this; with none it is the base lab */
  environment?: Readonly<Record<string, string>>;
  /** of its rules.yml */
  rules?: readonly Rule[];
  /** the change stops the exporter */
  stops?: boolean;
  /** the change starts Prometheus anew, and no scrape is answered well from then on: what Prometheus says of that */
  refusedWith?: string;
  /** what the lab's APIs say of it beside that */
  lab?: Partial<Lab>;
};

/** A lesson that cannot be simulated, and what it needs that a simulated Prometheus is not. */
export type NotSimulated = { needs: string };
