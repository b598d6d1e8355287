import { parseDocument } from 'yaml';
import { quoted } from '../settings/quoted.ts';
import { alertDuration } from './duration.ts';
import { type AlertRule, BacktestError } from './evaluate.ts';

export type RecordRule = { record: string; expr: string; labels?: Readonly<Record<string, string>> };

/** The rules of a file, each in its order: what is recorded is evaluated first. */
export type Rules = { records: readonly RecordRule[]; alerts: readonly AlertRule[] };

type File = { groups?: readonly Group[] };
type Group = { name?: string; labels?: Record<string, string>; query_offset?: string; rules?: readonly Written[] };
type Written = {
  alert?: string;
  record?: string;
  expr?: unknown;
  for?: string;
  keep_firing_for?: string;
  labels?: Record<string, unknown>;
};

/**
 * The rules of a rules file that promtool has found right.
 * @throws BacktestError for what a backtest cannot evaluate as Prometheus would
 */
export const rulesIn = (text: string): Rules => {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) throw new BacktestError(`RULES must be YAML: ${problem.message.split('\n')[0]}`);
  const file = document.toJS() as File | null;
  if (typeof file !== 'object' || file === null || !Array.isArray(file.groups)) {
    throw new BacktestError('RULES must be a rules file of Prometheus: it begins with "groups:"');
  }
  const records: RecordRule[] = [];
  const alerts: AlertRule[] = [];
  for (const group of (file as Required<File>).groups) {
    if (group.query_offset !== undefined) {
      throw new BacktestError(
        `the group ${quoted(group.name)} has a query_offset, which is not backtested: leave it out`,
      );
    }
    for (const rule of group.rules ?? []) {
      const name = rule.alert ?? rule.record ?? '';
      const labels = labelsOf(name, { ...group.labels, ...rule.labels });
      const expr = String(rule.expr ?? '');
      if (rule.record !== undefined) records.push({ record: rule.record, expr, labels });
      else if (rule.alert !== undefined) {
        const forSeconds = alertDuration(`for of ${name}`, rule.for);
        const keepFiringForSeconds = alertDuration(`keep_firing_for of ${name}`, rule.keep_firing_for);
        alerts.push({ alert: rule.alert, expr, labels, forSeconds, keepFiringForSeconds });
      }
    }
  }
  if (alerts.length === 0) throw new BacktestError('RULES has no alerting rule: one has a line "alert: Name"');
  return { records, alerts };
};

const labelsOf = (name: string, labels: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels).map(([label, value]) => {
      const text = String(value);
      if (text.includes('{{')) {
        throw new BacktestError(
          `the label ${label} of ${name} is a template: an alert would be another one whenever it changes. Put it into an annotation`,
        );
      }
      return [label, text];
    }),
  );
