import { instancesIn } from '../../lab/evidence/fleet.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Rule } from '../../lab/model/plan.ts';

/** What rules.yml and alertmanager.yml have; tests tie them. */
export const reachable = 'host_reachable';
export const switchUp = 'switch_up';
export const [hostDown, switchDown] = ['HostDown', 'SwitchDown'] as const;

/** The copies of each alert, by their label `routing`: Alertmanager has a route for each. */
export const routings = ['alone', 'grouped', 'inhibited', 'late', 'race', 'silenced'] as const;
export type Routing = (typeof routings)[number];

/** The rack whose switch is up again after a while, and the one whose switch stays down. */
export const [back, down] = ['a', 'b'] as const;

/** `for` of the switch's alert where it comes late: longer than the hosts' alerts wait. */
export const lateSeconds = 5;

/** Which racks a copy watches, as matchers of labels. */
const racksOf = { inhibited: '', silenced: '{rack!="c"}' } as const;

const rulesOf = (routing: Routing): Rule[] => {
  const only = routing === 'inhibited' || routing === 'silenced' ? racksOf[routing] : `{rack="${back}"}`;
  const labels = { severity: 'warning', routing };
  const host = { alert: hostDown, expr: `${reachable}${only} == 0`, labels };
  const own = { alert: switchDown, expr: `${switchUp}${routing === 'silenced' ? '' : only} == 0`, labels };
  // Who is evaluated first is sent first: a switch that is late ends before the hosts that it inhibits.
  return routing === 'late' ? [{ ...own, forSeconds: lateSeconds }, host] : [host, own];
};

/** All of rules.yml. */
export const written: readonly Rule[] = routings.flatMap(rulesOf);

export const hasRacks = (lab: Lab): boolean => instancesIn(lab).some(({ simulates }) => simulates.includes('racks'));
