import { sentTogether } from '../../lab/evidence/alerts.ts';
import { type Mark, type Picture, type PictureData, stretches } from '../../lab/model/picture.ts';
import { back, hostDown, type Routing, switchDown } from './racks.ts';

const truth = 'hosts that cannot be reached';
const firing = 'alerts of them that fire';

/** What came of one copy since the exporter began. */
const sentOf = ({ notifications, startedAt = Number.POSITIVE_INFINITY }: PictureData, routing: Routing) =>
  sentTogether(
    notifications.filter(
      ({ labels, startsAt }) => labels.routing === routing && labels.rack === back && startsAt >= startedAt,
    ),
  );

/** One switch, twelve hosts, and how often the phone rings. */
export const picture: Picture = {
  title: 'A switch fails, and twelve hosts with it',
  unit: 'count',
  range: [0, 13],
  notifiedBy: [hostDown, switchDown],
  layers: [
    { kind: 'truth', name: truth, values: ({ racks }) => racks?.[back].unreachable ?? [] },
    {
      kind: 'query',
      name: firing,
      expr: `count(ALERTS{alertname="${hostDown}",routing="alone",alertstate="firing"})`,
    },
    {
      kind: 'query',
      name: switchDown,
      expr: `max(ALERTS{alertname="${switchDown}",routing="alone",alertstate="firing"})`,
      isHidden: true,
    },
  ],
  marks: (data) => [
    ...stretches(data, switchDown).map(
      (each): Mark => ({ kind: 'band', ...each, name: `${switchDown} fires`, tone: 'alarm' }),
    ),
    ...sentOf(data, 'inhibited')
      .flatMap((sent) => sent.slice(0, 1))
      .map(
        ({ receivedAt, status }): Mark => ({
          kind: 'moment',
          at: receivedAt,
          name: status === 'firing' ? 'inhibited: notification' : 'resolved',
        }),
      ),
  ],
  numbers: (data) =>
    (['alone', 'grouped', 'inhibited', 'late', 'silenced'] as const).map((routing) => ({
      value: String(sentOf(data, routing).length),
      words: routing,
    })),
};
