import type { Fault } from './fault.ts';
import { cardinality } from './faults/cardinality.ts';
import { death } from './faults/death.ts';
import { deploy } from './faults/deploy.ts';
import { discovery } from './faults/discovery.ts';
import { errors } from './faults/errors.ts';
import { latency } from './faults/latency.ts';
import { prometheus } from './faults/prometheus.ts';
import { relabelling } from './faults/relabelling.ts';
import { restarts } from './faults/restarts.ts';
import { route } from './faults/route.ts';
import { rule } from './faults/rule.ts';
import { silence } from './faults/silence.ts';
import { slowPage } from './faults/slow-page.ts';
import { stuck } from './faults/stuck.ts';

/** Every kind of fault. There is no other list. */
export const faults: readonly Fault[] = [
  errors,
  route,
  latency,
  death,
  restarts,
  deploy,
  cardinality,
  slowPage,
  stuck,
  discovery,
  relabelling,
  rule,
  silence,
  prometheus,
];
