import { highCpu } from '../../lab/model/alerts.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import { counted, type Mark, type Picture, type PictureData, stretches } from '../../lab/model/picture.ts';
import { rules } from './flap.ts';

const stored = 'stored samples';
const firing = (alert: string) => `max(ALERTS{alertname="${alert}",alertstate="firing"})`;
const flaps = rules.atOnce.alert;
const kept = rules.kept.alert;

const notificationsOf = ({ notifications, from, to }: PictureData, alert: string): number =>
  notifications.filter(
    ({ alertname, status, receivedAt }) =>
      alertname === alert && status === 'firing' && receivedAt >= from && receivedAt <= to,
  ).length;

/** One signal and two alerts on it: one notifies at each rise, the other once. */
export const picture: Picture = {
  title: 'One signal: an alert that flaps, and one that is kept',
  unit: 'percent',
  range: [0, 100],
  seconds: 300,
  layers: [
    { kind: 'truth', name: 'true CPU', values: ({ cpuPercent }) => cpuPercent },
    { kind: 'samples', name: stored, selector: ofExporter(cpu) },
    { kind: 'query', name: flaps, expr: firing(flaps), isHidden: true },
    { kind: 'query', name: kept, expr: firing(kept), isHidden: true },
  ],
  line: { value: highCpu.thresholdPercent, name: `${highCpu.thresholdPercent} %` },
  marks: (data) => [
    ...stretches(data, kept).map((each): Mark => ({ kind: 'band', ...each, name: `${kept} fires`, tone: 'warning' })),
    ...stretches(data, flaps).map((each): Mark => ({ kind: 'band', ...each, name: `${flaps} fires`, tone: 'alarm' })),
  ],
  numbers: (data) =>
    [rules.atOnce, rules.for10s, rules.for30s, rules.kept].map(({ alert }) => {
      const { value, words } = counted(notificationsOf(data, alert), 'notification');
      return { value, words: `${words} of ${alert}` };
    }),
};
