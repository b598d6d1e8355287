import advances from './advances.json' with { type: 'json' };

/** Grafana writes text in Inter at 14 px and code in a monospaced font at 12 px, spaced by this much of their size. */
const textPixels = 14;
const codePixels = 12;
const spacing = 0.15 / 14;
/** Of its size: what a character of Roboto Mono takes, and of most fonts that could stand in for it. */
const codeAdvance = 0.6001;
/** Around a run of code: its padding, border and margin on both sides, px. */
const codeFrame = 2 * (5 + 1 + 2);

export type Weight = 'regular' | 'medium';

const tables = Object.fromEntries(
  (['regular', 'medium'] as const).map((weight) => {
    const widths = advances[weight];
    return [weight, new Map(Array.from(advances.characters, (character, index) => [character, widths[index]!]))];
  }),
) as Record<Weight, Map<string, number>>;

/** What a character takes that is not in the table. */
const widest = Math.max(...advances.regular, ...advances.medium);

/**
 * How wide a text is where nothing wraps, a little too much rather than too little: pairs are not kerned.
 * @returns px
 */
export const textWidth = (text: string, weight: Weight = 'regular'): number => {
  const units = Array.from(text).reduce((sum, character) => sum + (tables[weight].get(character) ?? widest), 0);
  return textPixels * (units / advances.unitsPerEm + spacing * Array.from(text).length);
};

/** How wide a run of code is, which never wraps, px. */
export const codeWidth = (code: string): number => codePixels * (codeAdvance + spacing) * code.length + codeFrame;
