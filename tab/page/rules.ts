import type { Rule } from '../../lab/model/plan.ts';
import { type Ruled, type Ruler, resendSeconds } from '../../lab/simulator/rules.ts';
import type { Line } from '../../lab/simulator/store.ts';
import type { Engine } from './engine.ts';
import type { Feed } from './feed.ts';

/** A rule as a rule file has it. */
const inFile = (rule: Rule): object => {
  const { expr, labels } = rule;
  if ('record' in rule) return { record: rule.record, expr, labels };
  const { alert, forSeconds = 0, keepFiringForSeconds = 0 } = rule;
  return { alert, expr, labels, for: `${forSeconds}s`, keep_firing_for: `${keepFiringForSeconds}s` };
};

/** A result of a rule is stored right after its evaluation, seconds. */
const storedAfter = 0.001;

/** A `Ruler` that evaluates at several instants at once, unix seconds, in their order. */
export type Rulers = { evaluate: (instants: readonly number[]) => void; abandon: () => void };

/** The simulator's own, where there is no engine. */
export const rulersOf = ({ evaluate, abandon }: Ruler): Rulers => ({
  evaluate: (all) => all.forEach(evaluate),
  abandon,
});

/**
 * Rules by Prometheus' own code: it evaluates them, follows their alerts, restores those of an earlier Prometheus, and
 * says what Alertmanager is sent.
 * @param feed  of what is stored, to the engine
 */
export const engineRules = (
  engine: Engine,
  feed: Feed,
  { rules, evaluationSeconds, store, inbox, flags }: Omit<Ruled, 'follows'>,
): Rulers => {
  const interval = `${Math.round(evaluationSeconds * 1_000)}ms`;
  engine.rules({ groups: [{ name: 'lab', interval, rules: rules.map(inFile) }], ...flags, resendSeconds });
  /** the series that the rules have stored, by their number */
  const lines: Line[] = [];
  /** what Alertmanager was sent as firing, until when it takes that as true, unix seconds */
  const firing = new Map<string, { labels: Record<string, string>; firedAt: number; validUntil: number }>();

  const send = (status: 'firing' | 'resolved', labels: Record<string, string>, firedAt: number, at: number) => {
    const { alertname, ...others } = labels;
    inbox.send(alertname!, status, others, firedAt, at);
  };

  return {
    evaluate: (instants) => {
      feed.take();
      const { made, stored, sent } = engine.evaluate(instants);
      lines.push(...made.map((labels) => store.line(labels)));
      stored((series, milliseconds, value) => {
        const at = milliseconds / 1_000;
        if (value === undefined) lines[series]!.end(at, at + storedAfter);
        else lines[series]!.store(at, value, at + storedAfter);
      });
      feed.skip(lines);
      for (const { labels, isResolved, ...times } of sent) {
        const [at, firedAt, validUntil] = [times.at / 1_000, times.firedAt / 1_000, times.validUntil / 1_000];
        const key = JSON.stringify(labels);
        if (!isResolved) {
          if (!firing.has(key)) send('firing', labels, firedAt, at);
          firing.set(key, { labels, firedAt, validUntil });
        } else if (firing.delete(key)) send('resolved', labels, firedAt, at);
      }
    },
    abandon: () => {
      for (const { labels, firedAt, validUntil } of firing.values()) send('resolved', labels, firedAt, validUntil);
    },
  };
};
