import type { SignalName } from './signals/cpu.ts';

/** The simulated world that one exporter reports: everything in it follows from these and the clock. */
export type World = {
  signal: SignalName;
  seed: number;
  /** 1 to 100 000 */
  cores: number;
  /** when this process began, whole unix seconds: its counters count from here */
  startedAt: number;
};

/** The labels that Prometheus adds to every sample of this exporter (job and instance of prometheus.yml.tmpl). */
export const targetLabels = 'job="my_app",instance="exporter:8000"';
