import { highCpu } from '../../lab/model/alerts.ts';
import { clock } from '../../lab/model/format.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import { type Mark, type Picture, stretches } from '../../lab/model/picture.ts';
import { countedIn, episodesSaid, notificationsOf } from './counted.ts';
import { rules } from './flap.ts';

const stored = 'stored samples';
const firing = (alert: string) => `max(ALERTS{alertname="${alert}",alertstate="firing"})`;
const flaps = rules.atOnce.alert;
const kept = rules.kept.alert;
const counted = [flaps, rules.for10s.alert, rules.for30s.alert, kept];

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
  notifiedBy: counted,
  line: { value: highCpu.thresholdPercent, name: `${highCpu.thresholdPercent} %` },
  marks: (data) => [
    ...stretches(data, kept).map((each): Mark => ({ kind: 'band', ...each, name: `${kept} fires`, tone: 'warning' })),
    ...stretches(data, flaps).map((each): Mark => ({ kind: 'band', ...each, name: `${flaps} fires`, tone: 'alarm' })),
  ],
  numbers: ({ lab: observed, to, notifications }) => {
    if (observed?.exporter?.signal !== 'square') return [];
    const lab = { ...observed, now: to };
    const since = clock(countedIn(lab).from);
    // The same that the check counts: at one instant both say the same.
    return counted.map((alert) => {
      const { fired } = episodesSaid(notificationsOf(notifications, alert, lab));
      return { value: String(fired), words: `${fired === 1 ? 'time' : 'times'} ${alert} fired since ${since}` };
    });
  },
};
