import type { Matcher } from '../alertmanager/matcher.ts';
import type { Routing } from '../alertmanager/routing.ts';
import type { Lab } from './lab.ts';

/** A rule of Prometheus, as a rules.yml has it: a test ties the two. */
export type Rule = { expr: string; labels?: Readonly<Record<string, string>> } & (
  | { record: string }
  | { alert: string; forSeconds?: number; keepFiringForSeconds?: number }
);

/** What a step silences in Alertmanager: from its command on, and until so long after the exporter's start, or its end. */
export type Silencing = { matchers: readonly Matcher[]; comment: string; untilSeconds?: number };

/** What an experiment is in the simulated lab: its change, and what Prometheus makes of it. */
export type Plan = {
  /** what its compose.yaml sets for the exporter, which a test ties to this; with none it is the base lab */
  environment?: Readonly<Record<string, string>>;
  /** of its rules.yml */
  rules?: readonly Rule[];
  /** of its alertmanager.yml: what is added before the base's routes and inhibit_rules */
  alertmanager?: Pick<Routing, 'routes' | 'inhibitRules'>;
  /** of the lesson */
  silences?: readonly Silencing[];
  /** the change stops the exporter */
  stops?: boolean;
  /** the change starts Prometheus anew, and no scrape is answered well from then on: what Prometheus says of that */
  refusedWith?: string;
  /** what the lab's APIs say of it beside that */
  lab?: Partial<Lab>;
};

/** A lesson that cannot be simulated, and what it needs that a simulated Prometheus is not. */
export type NotSimulated = { needs: string };
