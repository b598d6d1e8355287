import { percent } from '../../lab/model/format.ts';
import { instanceName } from '../../lab/model/metrics.ts';
import { type Mark, newest, type Picture, stretches } from '../../lab/model/picture.ts';
import { diskFree, fullBelow, orUnknown, watches } from './watch.ts';

/** The instance that leaves, as compose.yaml has it. */
const left = 4;
const truth = 'free on the disk of the host that leaves';
const stored = 'as Prometheus shows it';
const { alert } = watches.disk;
const kept = orUnknown(watches.disk);
const firing = (name: string) =>
  `max(ALERTS{alertname="${name}",instance="${instanceName(left)}",alertstate="firing"})`;

/** The disk stays full, its series ends, and the alert with it. */
export const picture: Picture = {
  title: 'The disk stays full, and its alert is RESOLVED',
  unit: 'ratio',
  range: [0, 0.6],
  layers: [
    { kind: 'truth', name: truth, instances: [left], values: ({ disk }) => disk?.free ?? [] },
    { kind: 'query', name: stored, expr: `max(${diskFree}{instance="${instanceName(left)}"})` },
    { kind: 'query', name: alert, expr: firing(alert), isHidden: true },
    { kind: 'query', name: kept, expr: firing(kept), isHidden: true },
  ],
  line: { value: fullBelow, name: 'full' },
  marks: (data) => [
    ...stretches(data, kept).map((each): Mark => ({ kind: 'band', ...each, name: `${kept} fires`, tone: 'warning' })),
    ...stretches(data, alert).map((each): Mark => ({ kind: 'band', ...each, name: `${alert} fires`, tone: 'alarm' })),
  ],
  numbers: (data) => {
    const [free, shown] = [newest(data, truth), newest(data, stored)];
    const state = (name: string) => (newest(data, name) === undefined ? 'silent' : 'fires');
    if (free === undefined) return [];
    return [
      { value: percent(100 * free), words: 'is free', colour: 1 },
      { value: shown === undefined ? 'nothing' : percent(100 * shown), words: 'is shown', colour: 3 },
      { value: state(alert), words: alert },
      { value: state(kept), words: kept },
    ];
  },
};
