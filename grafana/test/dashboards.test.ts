import assert from 'node:assert/strict';
import { test } from 'node:test';
import { experiments, steps } from '../../experiments/catalogue.ts';
import { readingOf } from '../../lab/model/sources.ts';
import { durationSeconds } from '../../lab/settings/duration.ts';
import { guideAddress } from '../src/dashboard.ts';
import { dataSource } from '../src/source.ts';
import { textWidth } from '../src/width.ts';
import { generated, plain, textsOf } from './generated.ts';

const json = (value: unknown): string => JSON.stringify(value);
const uids = generated.map(({ uid }) => uid);

test('every dashboard of the catalogue is generated and no other', () => {
  assert.deepEqual([...uids].sort(), [...new Set(steps.map(({ dashboard }) => dashboard))].sort());
});

test('no two dashboards share a uid', () => {
  assert.equal(new Set(uids).size, uids.length);
});

test('a uid is one that Grafana takes: at most 40 letters, digits and dashes', () => {
  for (const uid of uids) assert.match(uid!, /^[a-z0-9-]{1,40}$/);
});

test('ids of panels are unique within a dashboard', () => {
  for (const dashboard of generated) {
    const ids = dashboard.panels!.map((panel) => (panel as { id: number }).id);
    assert.deepEqual(
      ids,
      ids.map((_, index) => index + 1),
      dashboard.uid,
    );
  }
});

test('a list of dashboards by their titles, as Grafana shows it, is in the order of the experiments', () => {
  const listed = generated.filter(({ tags }) => tags?.includes('experiment')).map(({ title }) => title);
  assert.deepEqual(listed, [...listed].sort());
  assert.equal(listed.at(-1), 'Clocks');
});

test('every dashboard names its experiment, by number and title', () => {
  for (const { dashboard, number, title } of experiments) {
    assert.equal(
      generated.find(({ uid }) => uid === dashboard)?.title,
      `${String(number).padStart(2, '0')} · ${title}`,
    );
  }
});

test('every link leads to a dashboard that is there', () => {
  for (const dashboard of generated) {
    const targets = [...json(dashboard).matchAll(/\/d\/([a-z0-9-]+)/g)].map(([, uid]) => uid!);
    assert.ok(targets.length > 0, dashboard.uid);
    for (const uid of targets) assert.ok(uids.includes(uid), `${dashboard.uid} links to ${uid}`);
  }
});

test('the guide is one click away, and clocks from the start', () => {
  for (const dashboard of generated) {
    const guide = (plain(dashboard).links as { title: string; url: string }[]).filter(
      ({ url }) => url === guideAddress,
    );
    assert.deepEqual(
      guide.map(({ title }) => title),
      ['Guide'],
      dashboard.uid,
    );
  }
  assert.match(json(generated[0]), /\/d\/lab-clocks/);
});

test('the links fit into one row', () => {
  // Seen in a Grafana at 1440 px: four links whose titles take 350 px stay in a row, and 373 px do not.
  const [seen, room, aroundTitle] = [4, 350, 56];
  for (const dashboard of generated) {
    const titles = (plain(dashboard).links as { title: string }[]).map(({ title }) => title);
    const width = titles.reduce((sum, title) => sum + textWidth(title), 0) + aroundTitle * (titles.length - seen);
    assert.ok(width <= room, `${dashboard.uid}: ${width} px`);
  }
});

test('where the exporter or Prometheus began is marked in every picture, without a switch above them', () => {
  for (const dashboard of generated) {
    const { list } = plain(dashboard).annotations as { list: Record<string, unknown>[] };
    assert.equal(list.length, 1, dashboard.uid);
    const { datasource: source, enable, hide, useValueForTime, target } = list[0]!;
    assert.deepEqual([source, enable, hide, useValueForTime], [dataSource, true, true, true]);
    const { expr, interval, range, datasource } = target as Record<string, unknown>;
    assert.match(String(expr), /^1000 \* .*process_start_time_seconds/);
    assert.deepEqual([interval, range, datasource], ['5s', true, dataSource]);
    assert.ok(!('placement' in list[0]!), dashboard.uid);
  }
});

test('no link is hidden in the controls menu', () => {
  for (const dashboard of generated) {
    assert.doesNotMatch(json(dashboard), /inControlsMenu/);
    for (const link of plain(dashboard).links as object[]) assert.ok(!('placement' in link), dashboard.uid);
  }
});

test('what happens once is on the picture for as long as its lesson takes', () => {
  for (const { folder, happensOnce, minutes, lookBack } of experiments.filter((each) => each.happensOnce))
    assert.ok(durationSeconds(lookBack ?? '15m')! >= 60 * minutes, `${folder}: ${minutes} minutes, ${happensOnce}`);
});

test('an hour shows four steps in traffic, 5 minutes show a change at once, the others 15 minutes', () => {
  const lookBack = (uid: string) => generated.find((dashboard) => dashboard.uid === uid)?.time;
  assert.deepEqual(lookBack('lab-07-windows'), { from: 'now-1h', to: 'now' });
  assert.deepEqual(lookBack('lab-05-sampling'), { from: 'now-5m', to: 'now' });
  assert.deepEqual(lookBack('lab-start'), { from: 'now-5m', to: 'now' });
  assert.deepEqual(lookBack('lab-04-aggregation'), { from: 'now-15m', to: 'now' });
});

test('a dashboard holds the words of its experiment: question, run, expect, why, undo and every query', () => {
  for (const { dashboard, question, command, expect, insight, undo, queries, todo } of experiments) {
    const words = textsOf(generated.find(({ uid }) => uid === dashboard)!).join('\n');
    for (const part of [question, `make ${command}`, expect, insight, undo ?? 'Nothing to undo.', ...todo])
      assert.ok(words.includes(part), part);
    for (const query of queries) {
      const { expr } = query;
      assert.ok(words.includes(`| \`${expr.replaceAll('|', '\\|')}\` | ${readingOf(query)} |`), expr);
    }
  }
});

test('the question comes first, then the pictures, then the words', () => {
  for (const dashboard of generated) {
    const kinds = (plain(dashboard).panels as { type: string }[]).map(({ type }) => type);
    const [heading, ...others] = kinds;
    assert.equal(heading, 'text', dashboard.uid);
    assert.deepEqual(others.slice(-2), ['text', 'text'], dashboard.uid);
    assert.ok(!others.slice(0, -2).includes('text'), dashboard.uid);
  }
});

test('text panels hold no raw HTML and nothing that Grafana takes for a variable', () => {
  for (const dashboard of generated) {
    for (const words of textsOf(dashboard)) {
      assert.doesNotMatch(words, /<[a-z!/]/i, dashboard.uid);
      assert.doesNotMatch(words, /\$\w|\$\{|\[\[/, dashboard.uid);
    }
  }
});
