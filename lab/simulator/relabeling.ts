/** What scrape jobs do to the labels of their targets and samples. */

type Labels = Record<string, string>;

/** A rule of Prometheus' relabeling: of its actions those that the lab's jobs have. */
export type RelabelRule = {
  action: 'keep' | 'drop' | 'labeldrop' | 'labelmap';
  regex: string;
  source_labels?: readonly string[];
};

/** A scrape job, as far as it decides which series are stored. */
export type Job = {
  relabel_configs?: readonly RelabelRule[];
  metric_relabel_configs?: readonly RelabelRule[];
  honor_labels?: boolean;
};

const byName = (regex: string, action: 'keep' | 'drop' = 'drop'): RelabelRule => ({
  source_labels: ['__name__'],
  regex,
  action,
});

/** The jobs that relabel, by their names: a test ties them to prometheus.yml.tmpl, which a browser cannot read. */
export const jobs: ReadonlyMap<string, Job> = new Map<string, Job>([
  ['my_app_labeldrop', { metric_relabel_configs: [{ regex: 'pod', action: 'labeldrop' }] }],
  ['my_app_wrong_stage', { relabel_configs: [byName('debug_.*')] }],
  ['my_app_unanchored', { metric_relabel_configs: [byName('debug')] }],
  ['my_app_drop', { metric_relabel_configs: [byName('debug_.*')] }],
  ['my_app_two_keeps', { metric_relabel_configs: [byName('open_connections', 'keep'), byName('database_up', 'keep')] }],
  ['my_app_labelmap', { relabel_configs: [{ regex: '__meta_kubernetes_pod_label_(.+)', action: 'labelmap' }] }],
  ['my_app_honor_labels', { honor_labels: true }],
]);

/**
 * Prometheus' relabeling: one rule after the other, each regex for the whole text.
 * @returns undefined where a rule drops what has these labels
 */
export const relabeled = (labels: Labels, rules: readonly RelabelRule[] = []): Labels | undefined => {
  let changed = labels;
  for (const { action, regex, source_labels = [] } of rules) {
    const whole = new RegExp(`^(?:${regex})$`, 's');
    const entries = Object.entries(changed);
    if (action === 'labeldrop') changed = Object.fromEntries(entries.filter(([name]) => !whole.test(name)));
    else if (action === 'labelmap') {
      const mapped = entries
        .filter(([name]) => whole.test(name))
        .map(([name, text]) => [name.replace(whole, '$1'), text]);
      changed = { ...changed, ...Object.fromEntries(mapped) };
    } else if (whole.test(source_labels.map((name) => changed[name] ?? '').join(';')) !== (action === 'keep')) {
      return undefined;
    }
  }
  return changed;
};

/** What a target is called once its job has relabeled it; labels that begin with __ are gone then. */
export const targetLabelsIn = (job: Job | undefined, discovered: Labels): Labels | undefined => {
  const labels = relabeled(discovered, job?.relabel_configs);
  return labels && Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__')));
};

/** The labels under which a sample of a page is stored; undefined where its job drops it. */
export const storedLabelsIn = (job: Job | undefined, exposed: Labels, target: Labels): Labels | undefined => {
  if (job?.honor_labels) return withoutEmpty(relabeled({ ...target, ...exposed }, job.metric_relabel_configs));
  const renamed = Object.entries(exposed).map(([name, text]) => [name in target ? `exported_${name}` : name, text]);
  return relabeled({ ...Object.fromEntries(renamed), ...target }, job?.metric_relabel_configs);
};

/** A label without a value is none. */
const withoutEmpty = (labels: Labels | undefined): Labels | undefined =>
  labels && Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''));
