import { lesson as firstError } from '../../experiments/10-first-error/lesson.ts';
import { lesson as joins } from '../../experiments/15-joins/lesson.ts';
import { type Seed, sealedIncident } from '../incidents/incident.ts';
import type { Plan, Rule } from '../model/plan.ts';

/** Every other rule of the lab asks for what the fleet of an incident does not expose. */
const rules: readonly Rule[] = [firstError, joins].flatMap(({ plan }) => ('needs' in plan ? [] : (plan.rules ?? [])));

/** What `make incident` is in the simulated lab, of level 1 or 2; at level 3 other services are part of it. */
export const incidentPlan = (seed: Seed): Plan & Required<Pick<Plan, 'environment' | 'rules'>> => ({
  environment: { INCIDENT: sealedIncident(seed, 0) },
  rules,
});
