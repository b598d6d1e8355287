import type { Panel } from './types.ts';

/** An alert's state as one number over time: 0 inactive, 1 pending, 2 firing. */
export const alertState = (name: string): string => {
  const state = (of: string) => `max(ALERTS{alertname="${name}",alertstate="${of}"})`;
  return `2 * ${state('firing')} or ${state('pending')} or vector(0)`;
};

export const alertStateNames: Panel['names'] = {
  '0': { text: 'inactive', colour: 'green' },
  '1': { text: 'PENDING', colour: 'orange' },
  '2': { text: 'FIRING', colour: 'red' },
};
