import type { Page } from 'playwright-core';
import { fontFaces } from './fonts.ts';

/** What is measured: ASCII, and the other characters that the lab writes. */
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
const characters = `${ascii}·–—…‘’“”×±≤≥≈→←↑↓✓✗°µ€éü`;
const unitsPerEm = 2048;

const box = (character: string): string => `<i>&#${character.codePointAt(0)};</i>`;
const widths = (boxes: { getBoundingClientRect: () => { width: number } }[]): number[] =>
  boxes.map((each) => Math.round(each.getBoundingClientRect().width));

/** How wide each character is in the font's own units, without kerning, as a browser draws it. */
export const measureAdvances = async (page: Page) => {
  const inWeight = async (weight: number): Promise<number[]> => {
    const font = `normal ${weight} ${unitsPerEm}px Inter`;
    await page.setContent(
      `<style>${fontFaces} i { display: inline-block; white-space: pre; font: ${font} }</style>
       ${Array.from(characters, box).join('')}`,
    );
    await page.evaluate('document.fonts.ready');
    return page.locator('i').evaluateAll(widths);
  };
  return { unitsPerEm, characters, regular: await inWeight(400), medium: await inWeight(500) };
};
