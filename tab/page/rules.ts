import type { Rule } from '../../lab/model/plan.ts';
import { type Ruled, type Ruler, resendSeconds } from '../../lab/simulator/rules.ts';
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

/**
 * Rules by Prometheus' own code: it evaluates them, follows their alerts, restores those of an earlier Prometheus, and
 * says what Alertmanager is sent.
 * @param feed  of what is stored, to the engine
 */
export const engineRules = (
  engine: Engine,
  feed: Feed,
  { rules, evaluationSeconds, store, inbox, flags }: Omit<Ruled, 'follows'>,
): Ruler => {
  const interval = `${Math.round(evaluationSeconds * 1_000)}ms`;
  engine.rules({ groups: [{ name: 'lab', interval, rules: rules.map(inFile) }], ...flags, resendSeconds });
  /** what Alertmanager was sent as firing, until when it takes that as true, unix seconds */
  const firing = new Map<string, { labels: Record<string, string>; firedAt: number; validUntil: number }>();

  const send = (status: 'firing' | 'resolved', labels: Record<string, string>, firedAt: number, at: number) => {
    const { alertname, ...others } = labels;
    inbox.send(alertname!, status, others, firedAt, at);
  };

  return {
    evaluate: (at) => {
      feed.take();
      const { stored, sent } = engine.evaluate(at);
      for (const { labels, at: milliseconds, value, isStale } of stored) {
        const line = store.line(labels);
        if (isStale) line.end(milliseconds / 1_000, at + storedAfter);
        else line.store(milliseconds / 1_000, numberOf(value), at + storedAfter);
        feed.skip(line);
      }
      for (const { labels, isResolved, ...times } of sent) {
        const [firedAt, validUntil] = [times.firedAt / 1_000, times.validUntil / 1_000];
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

const numberOf = (text: string): number => Number(text.replace('Inf', 'Infinity'));
