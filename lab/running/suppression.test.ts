import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimThat } from '../../test/lessons/verdicts.ts';
import { freePort } from '../../test/support/ports.ts';
import { serve } from '../../test/support/serve.ts';
import type { Claim } from '../model/verdict.ts';
import type { ApiSilence as Silence } from './silences.ts';
import { suppressionOf, withSuppressions } from './suppression.ts';

const now = Date.parse('2027-01-15T08:00:00Z') / 1000;
const labels = { alertname: 'HighCPU', instance: 'exporter:8000', severity: 'warning' };
const equal = (name: string, value: string) => ({ name, value, isRegex: false, isEqual: true });
const silence = (changes: Partial<Silence> = {}): Silence => ({
  id: '4f2c',
  comment: 'lunch',
  createdBy: 'ana',
  startsAt: '2027-01-15T07:00:00.000Z',
  endsAt: '2027-01-15T09:30:00.000Z',
  status: { state: 'active' },
  matchers: [equal('severity', 'warning')],
  ...changes,
});
const alert = (inhibitedBy: string[] = [], own: Record<string, string> = labels, fingerprint = 'a1') => ({
  fingerprint,
  labels: own,
  status: { inhibitedBy },
});

/** The reason that is found for HighCPU in an Alertmanager with these silences and alerts. */
const reasonWith = async (
  t: Parameters<typeof serve>[0],
  silences: Silence[],
  alerts: unknown[] = [alert()],
  stored: Record<string, string>[] = [],
) => {
  const address = await serve(t, ({ url }, response) => {
    response.end(JSON.stringify(url === '/api/v2/silences' ? silences : alerts));
  });
  const read = { query: async () => stored.map((each) => ({ labels: each, samples: [] })) };
  return suppressionOf({ alertmanager: `http://${address}` }, read, () => now)('HighCPU');
};

test('a silence is named, with its comment, its author and its end', async (t) => {
  const reason = 'silence 4f2c in Alertmanager ("lunch", by ana, it ends 2027-01-15 09:30:00 UTC) holds HighCPU back';
  assert.equal(await reasonWith(t, [silence()]), reason);
  // Once it is resolved Alertmanager no longer has the alert; Prometheus knows which labels it had.
  const resolved = [{ __name__: 'ALERTS', alertstate: 'firing', ...labels }];
  assert.equal(await reasonWith(t, [silence()], [], resolved), reason);
  const over = silence({ status: { state: 'expired' }, endsAt: '2027-01-15T07:59:00.000Z' });
  assert.match((await reasonWith(t, [over]))!, /it ended 2027-01-15 07:59:00 UTC\) holds/);
});

test('a silence of another alert, of the future or of long ago is no reason', async (t) => {
  const others = [
    silence({ matchers: [equal('alertname', 'TargetDown')] }),
    silence({ status: { state: 'pending' } }),
    silence({ status: { state: 'expired' }, endsAt: '2027-01-15T06:59:00.000Z' }),
  ];
  assert.equal(await reasonWith(t, others), undefined);
});

test('an inhibition is named by the alert that inhibits', async (t) => {
  const alerts = [alert(['b2']), alert([], { alertname: 'TargetDown' }, 'b2')];
  const reason = 'the inhibition in Alertmanager: while TargetDown fires, HighCPU is not notified';
  assert.equal(await reasonWith(t, [], alerts), reason);
});

test('an Alertmanager that is down is the reason', async () => {
  const alertmanager = `http://127.0.0.1:${await freePort()}`;
  const suppression = suppressionOf({ alertmanager }, { query: async () => [] }, () => now);
  assert.match((await suppression('HighCPU'))!, /^Alertmanager does not answer at .*: nothing listens there/);
});

test('only a claim that lacks its notification has the reason', async () => {
  const findings: Claim[] = [
    { ...claimThat(false), notifies: ['HighCPU'] },
    { ...claimThat(true), notifies: ['HighCPU'] },
    claimThat(false),
  ];
  const verdict = await withSuppressions({ kind: 'measured', findings }, async (name) => `a silence of ${name}`);
  const looks = verdict.kind === 'measured' && verdict.findings.map((each) => 'look' in each && each.look);
  assert.deepEqual(looks, ['a silence of HighCPU', findings[1]!.look, findings[2]!.look]);
});
