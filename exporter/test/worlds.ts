import type { Environment } from '../../lab/settings/reader.ts';
import { parseConfig } from '../src/config.ts';
import { fleetOf } from '../src/fleet.ts';
import type { World } from '../src/world.ts';

export const start = 1_800_000_000;

/** The fleet that an environment makes, started at `start`. */
export const fleetFrom = (environment: Environment): [World, ...World[]] => fleetOf(parseConfig(environment), start);

/** Every setting at once. */
export const everything = {
  SIGNAL: 'square',
  INSTANCES: '3',
  LEAVES_AFTER: '45s',
  TRAFFIC: '60,30,10',
  COUNTER_START: '100000',
  CLOCKS: 'on',
  LATENCY: '90%:0.02,10%:0.9',
  BUCKETS: '0.1,0.26,0.5',
  ERRORS: 'light:90%:2%,heavy:10%:20%',
  DEPLOY: '30s@20s',
  CHURN: '10s',
  TIMESTAMPS: '60s',
  DISK: '5%@6s,NaN@20s',
  SLOW: '1ms',
  ORDERS: 'fail@3s,stop@14s',
  PODS: '7,5',
  BURSTS: '100@10s',
  DOWNTIME: 'search:1s@12s,checkout:12s@7s',
  JOB_3: 'my_app_limited',
  METRICS_TYPE: 'text/html',
};
