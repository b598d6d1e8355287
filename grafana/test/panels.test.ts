import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataSource } from '../src/source.ts';
import { generated, panelsOf } from './generated.ts';

test('every query and every panel names the provisioned data source by its uid', () => {
  for (const { uid, panel } of panelsOf()) {
    assert.deepEqual(panel.datasource, dataSource, `${uid}: ${panel.title}`);
    for (const target of panel.targets) assert.deepEqual(target.datasource, dataSource, `${uid}: ${panel.title}`);
  }
  assert.equal(dataSource.uid, 'lab-prometheus');
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
    const isOverTime = panel.type === 'timeseries' || panel.type === 'state-timeline';
    for (const { range, instant, format } of panel.targets) {
      assert.deepEqual([range, instant], [isOverTime, !isOverTime], `${uid}: ${panel.title}`);
      assert.equal(format, panel.type === 'table' ? 'table' : undefined, `${uid}: ${panel.title}`);
    }
  }
});

test('no panel sets a step of its own: it follows the scrape interval', () => {
  for (const { uid, panel } of panelsOf()) {
    assert.ok(!('interval' in panel), `${uid}: ${panel.title}`);
    for (const target of panel.targets) assert.ok(!('interval' in target), `${uid}: ${panel.title}`);
  }
});

test('a single line has no legend, several have one', () => {
  for (const { uid, panel } of panelsOf('timeseries')) {
    const isSingle = panel.targets.length === 1 && !JSON.stringify(panel.targets).includes('{{');
    assert.equal(panel.options.legend?.showLegend, !isSingle, `${uid}: ${panel.title}`);
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

test('a timeline names its states beside their rows: no word on a band, no legend, no pager, a colour for each', () => {
  const timelines = panelsOf('state-timeline');
  assert.ok(timelines.length >= 5);
  for (const { uid, panel } of timelines) {
    const { showValue, perPage, legend } = panel.options;
    assert.deepEqual([showValue, perPage, legend?.showLegend], ['never', 0, false], `${uid}: ${panel.title}`);
    const coloured = panel.fieldConfig.overrides.map(({ matcher, properties }) => [matcher, properties[0]!.id]);
    const expected = panel.targets.map(({ refId }) => [{ id: 'byFrameRefID', options: refId }, 'color']);
    assert.deepEqual(coloured, expected, `${uid}: ${panel.title}`);
  }
});

test('a table keeps its values in sight: their column has a width, and the others share what is left', () => {
  for (const { uid, panel } of panelsOf('table')) {
    const { defaults, overrides } = panel.fieldConfig;
    assert.equal(defaults.custom?.minWidth, 50, `${uid}: ${panel.title}`);
    const width = { id: 'custom.width', value: 90 };
    assert.deepEqual(overrides, [{ matcher: { id: 'byName', options: 'value' }, properties: [width] }]);
  }
});
