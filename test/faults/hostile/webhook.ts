import type { Random } from '../random.ts';
import { anyJson, anyText, objectOf, spoilt } from './values.ts';

/** What Alertmanager would send, as JSON text for each field, so that any of them can be replaced by what is no JSON. */
const fields = (random: Random): Record<string, string> => ({
  version: '"4"',
  status: JSON.stringify(random.pick(['firing', 'resolved'])),
  receiver: '"guide"',
  groupKey: '"{}:{}"',
  groupLabels: '{}',
  commonLabels: '{}',
  commonAnnotations: '{}',
  externalURL: '"http://localhost:9093"',
  alerts: `[${Array.from({ length: random.pick([1, 1, 1, 2, 20]) }, () => alert(random)).join(',')}]`,
});

/** Most are right in form: markup and long texts are a learner's label like any other. */
const alert = (random: Random): string => {
  const labels: Record<string, string> = { alertname: anyText(random, 2_000) || 'HighCPU' };
  for (let count = random.whole(0, 5); count > 0; count -= 1) labels[anyText(random, 60)] = anyText(random, 2_000);
  const wrong = random.chance(0.1) ? `,${JSON.stringify(`${anyText(random, 60)}\n`)}:${anyJson(random)}` : '';
  const parts: Record<string, string> = {
    status: JSON.stringify(random.pick(['firing', 'resolved'])),
    labels: JSON.stringify(labels).replace(/\}$/, () => `${wrong}}`),
    annotations: JSON.stringify({ summary: anyText(random, 2_000) }),
    startsAt: '"2026-11-23T20:40:05.500Z"',
    endsAt: JSON.stringify(random.pick(['2026-11-23T20:41:05Z', '0001-01-01T00:00:00Z'])),
    generatorURL: JSON.stringify(anyText(random)),
    fingerprint: '"7d2a"',
  };
  return objectOf(random.chance(0.3) ? spoilt(random, parts) : parts);
};

/** The body of a webhook: right, or wrong in a field or two. */
export const anyWebhook = (random: Random): string => {
  if (random.chance(0.1)) return anyJson(random);
  return objectOf(random.chance(0.6) ? spoilt(random, fields(random)) : fields(random));
};
