import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from '../../scripts/host/repository.ts';

const css = readFileSync(join(repository, 'guide/page/theme.css'), 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
const colours = (part: string) =>
  Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]));

/** Relative luminance by WCAG 2. @param colour  such as #1a2027 */
const luminance = (colour: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};
const contrast = (one: string, other: string): number => {
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
};

test('black on white is 21 : 1', () => assert.equal(contrast('#000000', '#ffffff'), 21));

const series = Array.from({ length: 8 }, (_, index) => `series-${index + 1}`);
/** What is written, and on what: numbers over the picture on the card, queries in a sunken field. */
const written: Record<string, string[]> = {
  card: ['text', 'quiet', 'accent', 'good', 'bad', 'stored', 'missed', ...series],
  sunken: ['text', 'quiet', 'accent', 'good', 'bad', 'stored', 'missed'],
};
for (const [scheme, part] of [
  ['light', light],
  ['dark', dark],
] as const) {
  test(`every colour that text is written in can be read, ${scheme}`, () => {
    const named = colours(part);
    const faint = Object.entries(written).flatMap(([ground, names]) =>
      names.flatMap((name) => {
        const ratio = contrast(named[name]!, named[ground]!);
        return ratio < 4.5 ? [`${name} on ${ground}: ${ratio.toFixed(2)}`] : [];
      }),
    );
    assert.deepEqual(faint, []);
  });
}
