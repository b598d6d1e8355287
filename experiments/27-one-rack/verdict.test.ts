import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseMatcher } from '../../lab/alertmanager/matcher.ts';
import type { HeldAlert, Notification } from '../../lab/model/reader.ts';
import { durationSeconds } from '../../lab/settings/duration.ts';
import { measuredIn } from '../../test/lessons/measured.ts';
import { eachFails, holds, labOf, said, sendsTo } from '../../test/lessons/verdicts.ts';
import type { Copy, Measured } from './findings.ts';
import { lesson } from './lesson.ts';
import type { Routing } from './racks.ts';
import { inhibitRules, routes } from './routing.ts';
import { check, look, verdict } from './verdict.ts';

const full = await measuredIn(lesson, look);
const judged = (change: Partial<Measured>) => verdict({ ...full, ...change });
/** With one copy changed. */
const where = (routing: Routing, change: (own: Copy) => Partial<Copy>) => {
  const own = full.copies[routing];
  return judged({ copies: { ...full.copies, [routing]: { ...own, ...change(own) } } });
};
const sentIn = (routing: Routing, change: (sent: readonly Notification[][]) => readonly Notification[][]) =>
  where(routing, ({ sent }) => ({ sent: change(sent) }));
const again = (sent: readonly Notification[][]) => [...sent, sent.at(-1)!];
const less = (sent: readonly Notification[][]) => sent.slice(1);
const staying = (change: Partial<Measured['staying']>) => judged({ staying: { ...full.staying, ...change } });
const heldBut = (routing: Routing, change: Partial<HeldAlert>) =>
  staying({ held: full.staying.held.map((each) => (each.labels.routing === routing ? { ...each, ...change } : each)) });

test('26 alone, 4 grouped, 2 inhibited, and 26 again where the source is late or a silence ends', () => {
  holds(verdict(full));
  const [happened, thirteen, ...others] = said(verdict(full));
  assert.match(
    happened!,
    /^what happened: at 08:05:13 the switches of racks a and b failed, with 12 hosts .* up again at 08:05:43/,
  );
  assert.match(thirteen!, /fires 13 alerts of rack a, in each of 6 copies: 12 hosts and their switch, since 08:05:16$/);
  assert.deepEqual(
    others.map((words) => words.split('. ')[0]),
    [
      'alone: 26 notifications, 13 + 13',
      'grouped: 4 notifications, 2 + 2',
      'inhibited: 2 notifications, 1 + 1',
      'late: 26 notifications, 13 + 13',
      'silenced: 26 notifications, 13 + 13',
      'rack b is still down: Prometheus has 24 alerts of its hosts that fire, in two copies',
      'race: without a wait (`group_wait: 0s`) the same inhibition let 12 hosts of 12 out before the switch was there, this time',
    ],
  );
  assert.match(
    others[4]!,
    /1 notification while the hosts were silenced; at 08:05:31 that ended, and 12 came at once$/,
  );
  assert.match(others[5]!, /Alertmanager has 12 inhibited and 12 silenced, and sent 0$/);
});

eachFails({
  'a copy that lacks an alert, fires at other evaluations or before anything has failed, and a wrong sample fail': [
    /^Prometheus fires/,
    where('race', ({ hosts }) => ({ hosts: hosts.slice(1) })),
    where('race', ({ hosts }) => ({ hosts: hosts.map((times) => times.slice(1)) })),
    where('race', () => ({ ofSwitch: [] })),
    judged({ racks: { ...full.racks, a: { ...full.racks.a, from: full.racks.a.from + 10 } } }),
    judged({ stored: full.stored.map((each) => ({ ...each, value: 1 - each.value })) }),
  ],
  'alone: one more, one less, or two in one fails': [
    /^alone/,
    sentIn('alone', again),
    sentIn('alone', less),
    sentIn('alone', ([one, other, ...rest]) => [[...one!, ...other!], other!, ...rest]),
  ],
  'grouped: one more, one less, or a group that is not whole fails': [
    /^grouped/,
    sentIn('grouped', again),
    sentIn('grouped', less),
    sentIn('grouped', (sent) => sent.map((each) => each.slice(0, 11))),
  ],
  'inhibited: a host that is reported, or a switch that is not, fails, and so does a lonely host that is not': [
    /^inhibited/,
    sentIn('inhibited', again),
    sentIn('inhibited', less),
    sentIn('inhibited', (sent) => sent.map((each) => each.map((alert) => ({ ...alert, alertname: 'HostDown' })))),
    judged({ lonely: [] }),
  ],
  'late: less than all, or a switch that was there in time fails': [
    /^late/,
    sentIn('late', less),
    where('late', ({ hosts }) => ({ ofSwitch: hosts[0]! })),
    sentIn('late', (sent) => [sent[12]!, ...sent.filter((_, index) => index !== 12)]),
  ],
  'silenced: one that came before the end, or never, fails': [
    /^silenced/,
    sentIn('silenced', less),
    judged({ silenceEndsAt: full.silenceEndsAt + 30 }),
    judged({ silenceEndsAt: full.silenceEndsAt - 30 }),
  ],
  'what stays down fails where Prometheus is silent, nothing holds it back or it was sent': [
    /^rack b is still down/,
    staying({ firing: 23 }),
    heldBut('inhibited', { inhibitedBy: 0 }),
    heldBut('silenced', { silencedBy: 0 }),
    staying({ received: 1 }),
  ],
});

test('where no rack fails it is sent to its step', async () => sendsTo(await check({} as never, labOf())));

test('the routes are those of alertmanager.yml', () => {
  type Written = Record<string, string[]> & { group_wait: string };
  const file = parse(readFileSync(new URL('alertmanager.yml', import.meta.url), 'utf8')) as {
    routes: Written[];
    inhibit_rules: Written[];
  };
  const read = (texts: string[] = []) => texts.map((text) => parseMatcher(text)!);
  assert.deepEqual(
    file.routes.map(({ matchers, group_by: by, group_wait: wait, ...rest }) => ({
      matchers: read(matchers),
      groupBy: by!.includes('...') ? 'all' : by,
      waitSeconds: durationSeconds(wait),
      ...rest,
    })),
    routes,
  );
  assert.deepEqual(
    file.inhibit_rules.map(({ source_matchers: source, target_matchers: target, equal }) => ({
      source: read(source),
      target: read(target),
      equal,
    })),
    inhibitRules,
  );
});
