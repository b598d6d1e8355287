import { Dispatcher, type Sent } from '../../lab/alertmanager/dispatcher.ts';
import type { Episode, Labels } from '../../lab/alertmanager/routing.ts';
import { isJudgement } from '../../lab/evidence/happening.ts';
import { whereMeasured } from '../../lab/judging/measurement.ts';
import { grouping } from '../../lab/model/alerts.ts';
import type { Exercise, Expected, WrittenRouting } from '../../lab/model/exercise.ts';
import { seconds } from '../../lab/model/format.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Reader } from '../../lab/model/reader.ts';
import { back, hostDown, lateSeconds, switchDown } from './racks.ts';
import { alertsIn, look, racksIn } from './verdict.ts';

const slowestSeconds = 5;
const command = 'make exp-27';

/** An alert as Alertmanager gets it: the copy that it is of has no part in this. */
const labelsOf = ({ __name__: _, alertstate: __, routing: ___, ...labels }: Labels): Labels => labels;

/** The alerts of the copy whose switch is late, and of the host that fails by itself, as Prometheus has stored them. */
const episodesIn = async (read: Reader, lab: Lab): Promise<Episode[]> => {
  const stored = await alertsIn((await racksIn(lab, read))!, read, lab);
  const evaluations = [...new Set(stored.flatMap(({ samples }) => samples.map(([at]) => at)))].sort((a, b) => a - b);
  return stored
    .filter(
      ({ labels: { routing, rack } }) =>
        (routing === 'late' && rack === back) || (routing === 'inhibited' && rack === 'c'),
    )
    .map(({ labels, samples }) => {
      const last = samples.at(-1)![0];
      const endsAt = evaluations.find((at) => at > last);
      return { labels: labelsOf(labels), startsAt: samples[0]![0], ...(endsAt !== undefined && { endsAt }) };
    });
};

const baseGrouping = {
  groupBy: grouping.by,
  waitSeconds: grouping.waitSeconds,
  intervalSeconds: grouping.intervalSeconds,
};
const longestSeconds = 600;

/** What Alertmanager sends of them by what somebody has written. */
const sentOf = (episodes: readonly Episode[], { route, inhibitRules }: WrittenRouting): Sent[] => {
  const dispatcher = new Dispatcher({ base: { ...baseGrouping, ...route }, routes: [], inhibitRules });
  // The rule of the switch is evaluated before that of its hosts.
  const isFirst = ({ labels }: Episode) => Number(labels.alertname !== switchDown);
  for (const episode of episodes.toSorted((one, other) => isFirst(one) - isFirst(other))) {
    dispatcher.add(episode, false, episode.startsAt);
    if (episode.endsAt !== undefined) dispatcher.add(episode, true, episode.endsAt);
  }
  const ends = episodes.flatMap(({ endsAt = 0 }) => endsAt);
  dispatcher.advance(Math.max(...ends) + longestSeconds);
  return dispatcher.sent;
};

type Counted = { what: string; right: number; count: (sent: readonly Sent[], backAt: number) => number };

const having = (sent: readonly Sent[], rack: string, status: 'firing' | 'resolved', alertname = ''): Sent[] =>
  sent.filter(({ alerts }) =>
    alerts.some(
      ({ labels, ...alert }) =>
        labels.rack === rack && alert.status === status && labels.alertname!.startsWith(alertname),
    ),
  );

const counted: readonly Counted[] = [
  { what: `rack ${back} fails`, right: 1, count: (sent) => having(sent, back, 'firing').length },
  { what: `rack ${back} is up again`, right: 1, count: (sent) => having(sent, back, 'resolved').length },
  { what: `hosts of rack ${back}`, right: 0, count: (sent) => having(sent, back, 'firing', hostDown).length },
  // Once the switch is up again nothing inhibits any more.
  {
    what: 'host c1, until then',
    right: 1,
    count: (sent, backAt) => having(sent, 'c', 'firing').filter(({ at }) => at < backAt).length,
  },
];

const expected: Exercise['expected'] = async (read, lab) => {
  if (lab.scrapeSeconds > slowestSeconds) {
    const reason = `a scrape every ${seconds(lab.scrapeSeconds)} sees too little of what happens`;
    return { kind: 'elsewhere', reason, type: `${command} SCRAPE_INTERVAL=5s` };
  }
  const measured = await look(read, lab);
  if (isJudgement(measured)) return whereMeasured(measured, command);
  const at = measured.racks[back].from;
  return {
    kind: 'known',
    instants: counted.map(({ what, right }): Expected => ({ at, where: what, number: [right, right] })),
  };
};

const yaml = (wait: string, by: string, ...rule: string[]): string =>
  [
    'route:',
    `  group_by: [${by}]`,
    `  group_wait: ${wait}`,
    ...(rule.length === 0 ? [] : ['inhibit_rules:', `  - ${rule[0]}`, ...rule.slice(1).map((line) => `    ${line}`)]),
  ].join('\n');
const from = 'source_matchers: [alertname="SwitchDown"]';
const to = 'target_matchers: [alertname="HostDown"]';
const each = '"..."';

export const exercises: readonly Exercise[] = [
  {
    task: `Write \`route\` and \`inhibit_rules\` of an alertmanager.yml, for alerts whose switch comes ${lateSeconds} s after its hosts. When rack ${back} fails: one notification, and of none of its hosts. One when it is up again. And before that one of host c1, which fails by itself in rack c.`,
    start: yaml('2500ms', each),
    hints: [
      '`inhibit_rules` is a list of `source_matchers` (who inhibits), `target_matchers` (who is inhibited) and `equal`.',
      '`equal` names the labels that both have to share. A switch has a rack and no host.',
      'Inhibition is asked when a group is sent. By then the switch has to be there: `group_wait` is how long a group waits.',
    ],
    answer: yaml('15s', each, from, to, 'equal: [rack]'),
    why: 'Hosts are inhibited by the switch of their own rack, and wait until it can be there: `group_wait` has to be longer than the alert of the cause takes.',
    mistakes: [
      { query: yaml('15s', 'alertname'), why: 'this groups the hosts, and reports them all the same' },
      {
        query: yaml('2500ms', 'rack', from, to, 'equal: [rack]'),
        why: 'the hosts are sent before their switch is there: inhibition takes nothing back',
      },
      {
        query: yaml('15s', each, from, to),
        why: 'without `equal` the switch of one rack inhibits the hosts of all, and nobody hears of c1',
      },
      {
        query: yaml('15s', 'rack', from, to, 'equal: [rack, host]'),
        why: 'a switch has no label `host`, so it is never equal to that of a host',
      },
      {
        query: yaml(
          '15s',
          each,
          'source_matchers: [alertname="HostDown"]',
          'target_matchers: [alertname="SwitchDown"]',
          'equal: [rack]',
        ),
        why: 'here the hosts inhibit their switch',
      },
    ],
    alsoRight: [
      yaml('12s', 'rack', from, to, 'equal: [rack]'),
      yaml('15s', 'alertname, rack', from, to, 'equal: [rack]'),
      yaml(
        '12s',
        each,
        'source_matchers: [alertname=~"Switch.*"]',
        'target_matchers: [alertname!="SwitchDown"]',
        'equal: ["rack"]',
      ),
    ],
    alsoWrong: [
      yaml('15s', each),
      yaml('0s', each, from, to, 'equal: [rack]'),
      yaml('2500ms', each, from, to, 'equal: [rack]'),
      yaml('5m', each, from, to, 'equal: [rack]'),
      yaml('15s', each, from, 'target_matchers: [alertname=~".+"]', 'equal: [datacenter]'),
      'route: {}',
    ],
    slowestSeconds,
    expected,
    counts: async (written, read, lab) => {
      const episodes = await episodesIn(read, lab);
      const sent = sentOf(episodes, written);
      const backAt = Math.max(...episodes.map(({ endsAt = 0 }) => endsAt));
      return counted.map(({ count }) => count(sent, backAt));
    },
  },
];
