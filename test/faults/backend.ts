import { experiments } from '../../experiments/catalogue.ts';
import type { Lab } from '../support/lab.ts';
import { lackOf } from '../support/lacking.ts';
import type { Runtime } from '../support/runtime.ts';
import { backendKillFault, bringsQuerier } from './backend-kills.ts';
import type { Fault } from './fault.ts';
import { manualStepsFault } from './manual-steps.ts';
import { impossibleShardFault, sameShardFault, unlabelledReplicaFault } from './mislabelled.ts';
import { refusingStoreFault, wrongStoreFault } from './sending.ts';
import { frozenStoreFault, storeDiskFault } from './store.ts';

/** Everything that goes wrong with a backend, and with what is set for it. */
export const backendFaults = (lab: Lab, runtime: Runtime): Fault[] => {
  const beyond = experiments.filter(bringsQuerier);
  const [lack] = beyond.flatMap((experiment) => lackOf(experiment) ?? []);
  const ofBackends = [
    ...beyond.map((experiment) => backendKillFault(lab, runtime, experiment)),
    frozenStoreFault(lab),
    storeDiskFault(lab, runtime),
    manualStepsFault(lab, runtime),
    impossibleShardFault(lab),
    sameShardFault(lab),
    unlabelledReplicaFault(lab, runtime),
  ];
  const withoutOne = [refusingStoreFault(lab, runtime), wrongStoreFault(lab, runtime)];
  return [...withoutOne, ...ofBackends.map((fault) => (lack ? { ...fault, skip: lack } : fault))];
};
