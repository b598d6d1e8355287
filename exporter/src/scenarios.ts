import { batch } from './signals/batch.ts';
import { bursts } from './signals/bursts.ts';
import { churn } from './signals/churn.ts';
import { clocks } from './signals/clocks.ts';
import { crashes } from './signals/crashes.ts';
import { deploy } from './signals/deploy.ts';
import { devices } from './signals/devices.ts';
import { discovery } from './signals/discovery.ts';
import { disk } from './signals/disk.ts';
import { downtime } from './signals/downtime.ts';
import { errors } from './signals/errors.ts';
import { latency } from './signals/latency.ts';
import { orders } from './signals/orders.ts';
import { outage } from './signals/outage.ts';
import { pods } from './signals/pods.ts';
import { racks } from './signals/racks.ts';
import { relabelling } from './signals/relabelling.ts';
import { shop } from './signals/shop.ts';
import { slow } from './signals/slow.ts';
import { slowPage } from './signals/slow-page.ts';
import { timestamps } from './signals/timestamps.ts';

/** Every scenario, in the order in which `/metrics`, `/truth` and the documents show them. There is no other list. */
export const scenarios = [
  latency,
  errors,
  deploy,
  churn,
  timestamps,
  clocks,
  disk,
  orders,
  outage,
  crashes,
  discovery,
  relabelling,
  pods,
  bursts,
  slowPage,
  slow,
  batch,
  shop,
  downtime,
  devices,
  racks,
] as const;
