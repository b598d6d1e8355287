import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What scrape jobs do to the labels of their targets and samples, as prometheus.yml.tmpl says it. */

type Labels = Record<string, string>;

/** A rule of Prometheus' relabeling: of its actions those that the lab's jobs have. */
export type RelabelRule = {
  action: 'keep' | 'drop' | 'labeldrop' | 'labelmap';
  regex: string;
  source_labels?: readonly string[];
};

/** A scrape job, as far as it decides which series are stored. */
export type Job = {
  job_name: string;
  relabel_configs?: readonly RelabelRule[] | null;
  metric_relabel_configs?: readonly RelabelRule[] | null;
  honor_labels?: boolean;
};

/** The jobs by their names. What a setting fills in as a whole value is left out: in the base lab no rules. */
export const jobs: ReadonlyMap<string, Job> = (() => {
  const template = readFileSync(new URL('../../prometheus/prometheus.yml.tmpl', import.meta.url), 'utf8');
  const { scrape_configs } = parse(template.replaceAll(/(?<=: )@[A-Z_]+@$/gm, '').replaceAll('@', '')) as {
    scrape_configs: Job[];
  };
  return new Map(scrape_configs.map((job) => [job.job_name, job]));
})();

/**
 * Prometheus' relabeling: one rule after the other, each regex for the whole text.
 * @returns undefined where a rule drops what has these labels
 */
export const relabeled = (labels: Labels, rules: readonly RelabelRule[] | null = []): Labels | undefined => {
  let changed = labels;
  for (const { action, regex, source_labels = [] } of rules ?? []) {
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
  if (job?.honor_labels) return relabeled({ ...target, ...exposed }, job.metric_relabel_configs);
  const renamed = Object.entries(exposed).map(([name, text]) => [name in target ? `exported_${name}` : name, text]);
  return relabeled({ ...Object.fromEntries(renamed), ...target }, job?.metric_relabel_configs);
};
