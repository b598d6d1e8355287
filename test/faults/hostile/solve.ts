import type { Random } from '../random.ts';
import { anyJson, anyText, objectOf, spoilt } from './values.ts';

/** Queries that a judge has to take or refuse in a sentence: long, deep, in other scripts, with what ends a text. */
const queries = (random: Random): string =>
  random.pick([
    'avg(cpu_usage)',
    'rate(requests_total[1m])',
    anyText(random, 2_000),
    `${'('.repeat(random.pick([10, 999]))}1`,
    `{job=~"${'(a+)+'.repeat(random.pick([1, 300]))}"}`,
    'up\u0000',
    'up # \r\n\r\nGET / HTTP/1.1',
    'x'.repeat(random.pick([2_000, 2_001, 60_000, 900_000])),
  ]);

const fields = (random: Random): Record<string, string> => ({
  experiment: random.pick(['1', '4', '8', '12', '16', '99', '-1', '1.5', '"4"']),
  number: random.pick(['1', '1', '2', '0', '99', '"1"']),
  query: JSON.stringify(queries(random)),
  ...(random.chance(0.2) && { cause: JSON.stringify(random.pick(['path', 'scheme', anyText(random)])) }),
  ...(random.chance(0.1) && { tell: random.pick(['true', 'false', '"true"', '1']) }),
});

/** The body of a learner's answer: right in form, or wrong in a field. */
export const anySolve = (random: Random): string => {
  if (random.chance(0.15)) return anyJson(random);
  return objectOf(random.chance(0.5) ? spoilt(random, fields(random)) : fields(random));
};
