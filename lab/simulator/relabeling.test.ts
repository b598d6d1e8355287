import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { repository } from '../../scripts/host/repository.ts';
import { type Job, jobs, type RelabelRule, relabeled, storedLabelsIn, targetLabelsIn } from './relabeling.ts';

const drop = (regex: string): RelabelRule[] => [{ action: 'drop', regex, source_labels: ['__name__'] }];
const debug = { __name__: 'debug_cache_entries', cache: '1' };

test('a regex has to match the whole name', () => {
  assert.deepEqual(relabeled(debug, drop('debug')), debug);
  assert.equal(relabeled(debug, drop('debug_.*')), undefined);
});
test('what one rule keeps the next one drops', () => {
  const [drops] = drop('x') as [RelabelRule];
  const keeps = ['debug_.*', 'other'].map((regex) => ({ ...drops, action: 'keep' as const, regex }));
  assert.deepEqual(relabeled(debug, keeps.slice(0, 1)), debug);
  assert.equal(relabeled(debug, keeps), undefined);
});
test('a label is dropped by its name, and mapped to what its name ends with', () => {
  assert.deepEqual(relabeled(debug, [{ action: 'labeldrop', regex: 'cach.' }]), { __name__: 'debug_cache_entries' });
  const discovered = { job: 'my_app_labelmap', instance: 'a', __meta_kubernetes_pod_label_job: 'shop' };
  assert.deepEqual(targetLabelsIn(jobs.get('my_app_labelmap'), discovered), { job: 'shop', instance: 'a' });
});
test('a label of the page that the target has as well is renamed, unless the job honours it', () => {
  const [exposed, target] = [
    { __name__: 'database_up', instance: 'db' },
    { job: 'a', instance: 'exporter:8000' },
  ];
  assert.deepEqual(storedLabelsIn(undefined, exposed, target), { ...exposed, ...target, exported_instance: 'db' });
  assert.deepEqual(storedLabelsIn(jobs.get('my_app_honor_labels'), exposed, target), { ...exposed, job: 'a' });
});
test('an empty label of the page takes the target’s away where the job honours it, and is stored as none', () => {
  const [exposed, target] = [
    { __name__: 'batch_success', instance: '', job: 'nightly' },
    { job: 'a', instance: 'b' },
  ];
  const stored = { __name__: 'batch_success', job: 'nightly' };
  assert.deepEqual(storedLabelsIn(jobs.get('my_app_honor_labels'), exposed, target), stored);
});
test('the jobs are those of the configuration', () => {
  const template = readFileSync(join(repository, 'prometheus/prometheus.yml.tmpl'), 'utf8');
  // What a setting fills in as a whole value is left out: in the base lab no rules.
  const { scrape_configs } = parse(template.replaceAll(/(?<=: )@[A-Z_]+@$/gm, '').replaceAll('@', '')) as {
    scrape_configs: (Job & { job_name: string })[];
  };
  const written = scrape_configs.flatMap(({ job_name, honor_labels, relabel_configs, metric_relabel_configs }) => {
    const job = {
      ...(honor_labels && { honor_labels }),
      ...(relabel_configs && { relabel_configs }),
      ...(metric_relabel_configs && { metric_relabel_configs }),
    };
    return Object.keys(job).length > 0 ? [[job_name, job] as const] : [];
  });
  assert.deepEqual(new Map(written), jobs);
  assert.ok(jobs.size >= 7);
});
