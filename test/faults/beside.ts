import type { Lab } from '../support/lab.ts';
import { lackOf } from '../support/lacking.ts';
import type { Runtime } from '../support/runtime.ts';
import { experimentNamed } from './backend-kills.ts';
import type { Fault } from './fault.ts';
import { gatewayFloodFaults } from './gateway-floods.ts';
import { gatewayKillFaults } from './gateway-kills.ts';
import { persistenceFault } from './persistence.ts';
import { proberFaults } from './prober.ts';
import { receiverFaults } from './receiver.ts';

/** Everything that goes wrong with what stands beside Prometheus: the Pushgateway, the blackbox exporter, and who pushes by OTLP. */
export const besideFaults = (lab: Lab, runtime: Runtime, groups: number): Fault[] => {
  const where = (slug: string, faults: readonly Fault[]): Fault[] => {
    const lack = lackOf(experimentNamed(slug));
    return faults.map((fault) => (lack ? { ...fault, skip: lack } : fault));
  };
  return [
    ...where('dead-job', [...gatewayKillFaults(lab, runtime), ...gatewayFloodFaults(lab, runtime, groups)]),
    persistenceFault,
    ...where('black-box', proberFaults(lab, runtime)),
    ...where('pushed', receiverFaults(lab, runtime)),
  ];
};
