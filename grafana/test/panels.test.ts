import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { experiments } from '../../experiments/catalogue.ts';
import { type DataSource, dataSource } from '../src/source.ts';
import { generated, panelsOf } from './generated.ts';

test('every query names a provisioned data source by its uid, and a panel that of its queries', () => {
  const provisioned = parse(readFileSync(join(import.meta.dirname, '../provisioning/datasources/lab.yaml'), 'utf8'));
  const known = provisioned.datasources.map(({ uid }: { uid: string }) => uid);
  for (const { uid, panel } of panelsOf()) {
    const asked = panel.targets.map((target) => (target.datasource as DataSource).uid);
    for (const one of asked) assert.ok(known.includes(one), `${uid}: ${panel.title}: ${one}`);
    const several = new Set(asked).size > 1;
    assert.deepEqual(
      (panel.datasource as DataSource).uid,
      several ? '-- Mixed --' : asked[0],
      `${uid}: ${panel.title}`,
    );
  }
  assert.equal(dataSource.uid, 'lab-prometheus');
});

test('the base lab asks its Prometheus alone: only steps with further sources name them', () => {
  for (const { dashboard, panels, sources = [] } of experiments)
    for (const { of } of panels.flatMap(({ targets }) => targets))
      assert.ok(of === undefined || sources.some(({ name }) => name === of), `${dashboard}: ${of}`);
});

test('what has nothing to show says how to come to it', () => {
  for (const { uid, panel } of panelsOf()) {
    const words = panel.fieldConfig.defaults.noValue;
    assert.match(words ?? '', /^Nothing yet: make [a-z0-9-]+$/, `${uid}: ${panel.title}`);
    if (panel.type !== 'state-timeline') continue;
    assert.equal(panel.targets.at(-1)?.legendFormat, words, `${uid}: ${panel.title}`);
  }
});

test('histograms are asked for as such, so that Grafana takes the cumulation apart', () => {
  const pictures = [...panelsOf('bargauge'), ...panelsOf('heatmap')];
  assert.ok(pictures.length >= 5);
  for (const { uid, panel } of pictures)
    for (const { format, legendFormat, expr } of panel.targets) {
      assert.deepEqual([format, legendFormat], ['heatmap', '{{le}}'], `${uid}: ${panel.title}`);
      assert.match(expr, /^sum by \(le\) /);
    }
});

test('an instance has one colour in all pictures', () => {
  const named = panelsOf('timeseries').filter(({ panel }) => /\{\{instance\}\}"/.test(JSON.stringify(panel.targets)));
  assert.ok(named.length >= 4);
  for (const { uid, panel } of named) {
    const colours = panel.fieldConfig.overrides.filter(({ matcher }) => matcher.id === 'byRegexp');
    assert.deepEqual(
      ['exporter:8000', 'shard-b', 'replica a', 'exporter:8003'].map((name) =>
        colours.findIndex(({ matcher }) => new RegExp(matcher.options.slice(1, -1)).test(name)),
      ),
      [0, 1, 0, 3],
      `${uid}: ${panel.title}`,
    );
  }
});

test('no dashboard waits for an input of an import', () => {
  assert.doesNotMatch(JSON.stringify(generated), /\$\{DS_|__inputs/);
});

test('every panel has a query, and its queries have names of their own', () => {
  for (const { uid, panel } of panelsOf()) {
    const refIds = panel.targets.map(({ refId }) => refId);
    assert.ok(refIds.length > 0 && refIds.every((refId) => /^[A-Z]$/.test(refId)), `${uid}: ${panel.title}`);
    assert.equal(new Set(refIds).size, refIds.length, `${uid}: ${panel.title}`);
  }
});

test('every value has a unit, or names for its states', () => {
  for (const { uid, panel } of panelsOf()) {
    if (panel.type === 'state-timeline') continue;
    const { unit, mappings } = panel.fieldConfig.defaults;
    assert.ok(unit !== 'none' || (mappings?.length ?? 0) > 0, `${uid}: ${panel.title}`);
  }
});

test('every axis of percentages is fixed, from 0', () => {
  for (const { uid, panel } of panelsOf('timeseries')) {
    const { unit, min, max } = panel.fieldConfig.defaults;
    if (unit !== 'percent') continue;
    assert.equal(min, 0, `${uid}: ${panel.title}`);
    assert.ok(max !== undefined && max >= 100, `${uid}: ${panel.title}`);
  }
});

test('missing data shows as a gap', () => {
  for (const { uid, panel } of [...panelsOf('timeseries'), ...panelsOf('state-timeline')]) {
    assert.equal(panel.fieldConfig.defaults.custom?.spanNulls, false, `${uid}: ${panel.title}`);
  }
});

test('pictures of time ask for a range, figures and tables for now', () => {
  for (const { uid, panel } of panelsOf()) {
    const isOverTime = ['timeseries', 'state-timeline', 'heatmap'].includes(panel.type);
    for (const { range, instant, format } of panel.targets) {
      assert.deepEqual([range, instant], [isOverTime, !isOverTime], `${uid}: ${panel.title}`);
      if (!['bargauge', 'heatmap'].includes(panel.type))
        assert.equal(format, panel.type === 'table' ? 'table' : undefined, `${uid}: ${panel.title}`);
    }
  }
});

test('a step follows the scrape interval, but where jobs have intervals of their own: there the shortest of them', () => {
  for (const { uid, panel } of panelsOf()) {
    const isOfClocks = uid === 'lab-clocks' && JSON.stringify(panel.targets).includes('clock_1s');
    assert.equal(panel.interval, isOfClocks ? '1s' : undefined, `${uid}: ${panel.title}`);
    for (const target of panel.targets) assert.ok(!('interval' in target), `${uid}: ${panel.title}`);
  }
});

test('a single line has no legend unless its last value is to be read, several have one', () => {
  for (const { uid, panel } of panelsOf('timeseries')) {
    const isSingle = panel.targets.length === 1 && !JSON.stringify(panel.targets).includes('{{');
    const { showLegend, calcs = [] } = panel.options.legend!;
    assert.equal(showLegend, !isSingle || calcs.length > 0, `${uid}: ${panel.title}`);
  }
});

test('the axis reaches past a threshold, so that its line is on the picture', () => {
  for (const { uid, panel } of panelsOf('timeseries')) {
    const { custom, max } = panel.fieldConfig.defaults;
    if (custom?.thresholdsStyle === undefined) continue;
    assert.equal(custom.thresholdsStyle.mode, 'line+area');
    assert.ok(max !== undefined || 'axisSoftMax' in custom, `${uid}: ${panel.title}`);
  }
});

test('a timeline has a row for each series, who beside it, what below: no word on a band, no pager, a colour for each state', () => {
  const timelines = panelsOf('state-timeline');
  assert.ok(timelines.length >= 5);
  for (const { uid, panel } of timelines) {
    const { showValue, perPage, legend } = panel.options;
    assert.deepEqual([showValue, perPage, legend?.showLegend], ['never', 0, true], `${uid}: ${panel.title}`);
    const { mappings = [], color } = panel.fieldConfig.defaults;
    assert.equal(color?.mode, 'palette-classic', `${uid}: ${panel.title}`);
    const states = Object.values(
      (mappings as [{ options: Record<string, { text: string; color: string }> }])[0].options,
    );
    assert.ok(states.length >= 2 && states.every((state) => state.text && state.color), `${uid}: ${panel.title}`);
  }
});

test('a table keeps its values in sight: their column has a width, and the others share what is left', () => {
  for (const { uid, panel } of panelsOf('table')) {
    const { defaults, overrides } = panel.fieldConfig;
    assert.equal(defaults.custom?.minWidth, 50, `${uid}: ${panel.title}`);
    const width = { id: 'custom.width', value: 60 };
    assert.deepEqual(overrides, [{ matcher: { id: 'byName', options: 'value' }, properties: [width] }]);
  }
});
