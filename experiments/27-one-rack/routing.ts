import type { Matcher } from '../../lab/alertmanager/matcher.ts';
import { parseMatcher } from '../../lab/alertmanager/matcher.ts';
import type { InhibitRule, Route } from '../../lab/alertmanager/routing.ts';
import type { Silencing } from '../../lab/model/plan.ts';
import { back, down, hostDown } from './racks.ts';

/** What alertmanager.yml says; a test ties the two. */

const matchers = (...texts: string[]): Matcher[] => texts.map((text) => parseMatcher(text)!);

/** Not a whole number, as the time between two evaluations is: no flush meets alerts that are just arriving. */
export const waitSeconds = 2.5;

export const routes: readonly Route[] = [
  { matchers: matchers('routing="alone"'), groupBy: 'all', waitSeconds: 0 },
  { matchers: matchers('routing="grouped"'), groupBy: ['alertname'], waitSeconds },
  { matchers: matchers('routing=~"inhibited|late"'), groupBy: 'all', waitSeconds },
  { matchers: matchers('routing="race"'), groupBy: 'all', waitSeconds: 0 },
  { matchers: matchers('routing="silenced"'), groupBy: 'all', waitSeconds },
];

export const inhibitRules: readonly InhibitRule[] = [
  {
    source: matchers('alertname="SwitchDown"', 'routing=~"inhibited|late|race"'),
    target: matchers('alertname="HostDown"'),
    equal: ['rack', 'routing'],
  },
];

const silenced = (rack: string): Matcher[] =>
  matchers(`alertname="${hostDown}"`, 'routing="silenced"', `rack="${rack}"`);

/** The hosts of one rack until 18 s after its switch has failed; those of the other as long as the step is on. */
export const silences: readonly Silencing[] = [
  { matchers: silenced(back), comment: 'the switch of rack a is being replaced', untilSeconds: 30 },
  { matchers: silenced(down), comment: 'rack b is being moved' },
];
