import { highCpu } from '../../lab/model/alerts.ts';
import { seconds } from '../../lab/model/format.ts';
import { cpu, ofExporter } from '../../lab/model/metrics.ts';
import { type Mark, type Picture, type PictureData, stretches } from '../../lab/model/picture.ts';

const stored = 'stored samples';
const { name: alertname, thresholdPercent } = highCpu;
const inState = (state: string) => `max(ALERTS{alertname="${alertname}",alertstate="${state}"})`;

const messages = ({ notifications, from, to }: PictureData) =>
  notifications.filter(({ receivedAt }) => receivedAt >= from && receivedAt <= to);

/** The way of the alert: from the first sample over the threshold to the message, a stage after the other. */
export const picture: Picture = {
  title: 'From the first high sample to the notification',
  unit: 'percent',
  range: [0, 100],
  layers: [
    { kind: 'truth', name: 'true CPU', values: ({ cpuPercent }) => cpuPercent },
    { kind: 'samples', name: stored, selector: ofExporter(cpu) },
    { kind: 'query', name: 'PENDING', expr: inState('pending'), isHidden: true },
    { kind: 'query', name: 'FIRING', expr: inState('firing'), isHidden: true },
  ],
  notifiedBy: [alertname],
  line: { value: thresholdPercent, name: `${thresholdPercent} %` },
  marks: (data) => [
    ...stretches(data, 'PENDING').map((each): Mark => ({ kind: 'band', ...each, name: 'PENDING', tone: 'warning' })),
    ...stretches(data, 'FIRING').map((each): Mark => ({ kind: 'band', ...each, name: 'FIRING', tone: 'alarm' })),
    ...messages(data).map(
      ({ receivedAt, status }): Mark => ({
        kind: 'moment',
        at: receivedAt,
        name: status === 'firing' ? 'notification' : 'resolved',
      }),
    ),
  ],
  numbers: (data) => {
    const pending = stretches(data, 'PENDING').at(-1);
    const firing = stretches(data, 'FIRING').at(-1);
    if (pending === undefined) return [{ value: 'inactive', words: `${alertname} in the time shown` }];
    if (firing === undefined || firing.from < pending.from) {
      return [
        { value: seconds(data.to - pending.from), words: `PENDING; it fires after ${seconds(highCpu.forSeconds)}` },
      ];
    }
    const message = messages(data).find(
      ({ status, startsAt, receivedAt }) =>
        status === 'firing' && Math.abs(startsAt - firing.from) < 30 && receivedAt >= pending.from,
    );
    return [
      { value: seconds(firing.from - pending.from), words: 'PENDING' },
      { value: seconds(firing.to - firing.from), words: 'FIRING' },
      ...(message === undefined
        ? []
        : [{ value: seconds(message.receivedAt - pending.from), words: 'from PENDING to the notification' }]),
    ];
  },
};
