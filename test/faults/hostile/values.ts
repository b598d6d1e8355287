import type { Random } from '../random.ts';

/** Texts that have broken other programs: markup, shells, paths, formats, numbers at their ends. */
const hostileTexts = [
  '',
  ' ',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '{{constructor.constructor("return process")()}}',
  '$(touch pwned)',
  '`id`',
  '; ls',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '/proc/self/environ',
  '%s%n%x',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-0',
  '1e308',
  '0x10',
  '9'.repeat(40),
  '-1',
  '٢',
  'é',
  '\u202eabc',
  '\u0000',
  '\ud800',
  '🦊'.repeat(20),
  "' OR 1=1 --",
  'a\r\nSet-Cookie: x=1',
  '\u001b[31mred',
];

/** A text: one of those above, or a long one, or one of random characters. */
export const anyText = (random: Random, longest = 300): string => {
  if (random.chance(0.7)) return random.pick(hostileTexts);
  if (random.chance(0.5)) return random.pick(['a', 'é', '<', '%', '\\', '"']).repeat(random.whole(1, longest));
  return Array.from({ length: random.whole(1, 20) }, () => String.fromCharCode(random.whole(1, 0x2fff))).join('');
};

/** A JSON value of the wrong kind, as text. Nesting and length stay below the largest body that is read. */
export const anyJson = (random: Random): string => {
  const makers: (() => string)[] = [
    () => JSON.stringify(anyText(random)),
    () => random.pick(['null', 'true', 'false', '0', '-1', '1e400', '[]', '{}', '[[]]', '{"":""}', '""']),
    () => random.pick(['[', '{"a":']).repeat(random.whole(1, 4)),
    () => nested(random.pick([5, 100, 5_000, 40_000]), random.chance(0.5)),
    () => JSON.stringify(random.pick(['x', '<b>', 'é']).repeat(random.pick([100, 8_193, 60_000]))),
    () => `[${Array.from({ length: random.pick([3, 501, 20_000]) }, () => '1').join(',')}]`,
    () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    () =>
      `{${Array.from({ length: random.pick([3, 101, 2_000]) }, (_, index) => `"k${index}":${JSON.stringify(random.pick(hostileTexts))}`).join(',')}}`,
  ];
  return random.pick(makers)();
};

const nested = (depth: number, isObject: boolean): string =>
  isObject ? `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` : '['.repeat(depth) + ']'.repeat(depth);

/** @param parts  JSON text for each field, which need not be right */
export const objectOf = (parts: Record<string, string>): string =>
  `{${Object.entries(parts)
    .map(([name, json]) => `${JSON.stringify(name)}:${json}`)
    .join(',')}}`;

/** One field is left out, or of the wrong kind. */
export const spoilt = (random: Random, parts: Record<string, string>): Record<string, string> => {
  const name = random.pick(Object.keys(parts));
  if (random.chance(0.2)) {
    const { [name]: _, ...rest } = parts;
    return rest;
  }
  return { ...parts, [name]: anyJson(random) };
};
