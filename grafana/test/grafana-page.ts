// Of the version that Grafana 13.1 has: @grafana/data names it.
import { marked } from 'marked';
import { flow } from '../src/flow.ts';
import { columnPixels, columns, type Place } from '../src/grid.ts';
import { fontFaces } from './fonts.ts';

/** A panel as far as this page draws it: its chrome, and the words of a text panel. */
export type PagePanel = {
  title?: string;
  description?: string;
  type: string;
  gridPos: Place;
  options: { content?: string };
};

/** The widths of a dashboard's grid, px: a window less the docked menu, the side pane, the page's padding, a scroll bar. */
export const gridWidths = {
  'what the heights are made for': columns * columnPixels - 8,
  '1440 px, menu docked, side pane': 1440 - 300 - 66 - 32 - 15,
  '1440 px, menu docked': 1440 - 300 - 32 - 15,
  '1920 px, menu closed': 1920 - 32,
};

/**
 * The styles that Grafana 13.1 gives to a panel's chrome and to markdown in it, as read in @grafana/ui: they decide
 * where a line wraps and a title is cut.
 */
const styles = `
  *, *::before, *::after { box-sizing: border-box }
  html { font-size: 14px; line-height: ${22 / 14}; font-kerning: normal }
  body { margin: 0; background: #111217; color: #ccccdc; letter-spacing: 0.01071em; font-family: Inter, sans-serif;
    font-size: 14px; font-variant-ligatures: no-contextual }
  .grid { position: relative; margin: 16px }
  .panel { position: absolute; display: flex; flex-direction: column; overflow: hidden; background: #181b1f;
    border: 1px solid #ccccdc1f; border-radius: 6px }
  .header { display: flex; flex: none; align-items: center; height: 40px; padding: 0 8px; gap: 8px }
  .title { display: flex; min-width: 0; padding-left: 4px }
  h2 { min-width: 0; margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 14px;
    font-weight: 500; line-height: ${22 / 14}; letter-spacing: 0.01071em }
  .info { flex: none; width: 32px; text-align: center }
  .grow { flex-grow: 1 }
  .menu { flex: none; width: 24px; height: 24px }
  .content { flex-grow: 1; min-height: 0; padding: 8px }
  .words { height: 100%; overflow: auto }
  p { margin: 0 0 16px }
  ul { margin: 0 0 16px; padding: 0 0 0 24px }
  table { margin-bottom: 16px; border-collapse: collapse; border-spacing: 0 }
  td, th { padding: 4px 8px; text-align: left }
  th { background: #22252b }
  th, b, strong { font-weight: 500 }
  table, td, th { border: 1px solid #ccccdc33 }
  p:last-child, ul:last-child, table:last-child { margin-bottom: 0 }
  a { color: #6e9fff; text-decoration: none }
  code { margin: 0 2px; padding: 2px 5px; border: 1px solid #ccccdc33; border-radius: 6px; background: #181b1f;
    font: 400 12px/${16 / 14} 'Roboto Mono', monospace; letter-spacing: 0.01071em; white-space: nowrap }
  .picture { display: grid; place-items: center; height: 100%; color: #ccccdc66 }
`;

/** A dashboard as a page on which a browser can measure; what the pictures show is left out. */
export const pageOf = (panels: readonly PagePanel[], gridWidth: number): string => {
  const column = (gridWidth + 8) / 24;
  const drawn = panels.map(({ title, description, type, gridPos: { x, y, w, h }, options: { content } }) => {
    const box = `left: ${x * column}px; top: ${y * 38}px; width: ${w * column - 8}px; height: ${h * 38 - 8}px`;
    const header = `<div class="header"><div class="title"><h2>${escaped(title)}</h2></div>
      ${description === undefined ? '' : '<div class="info">ⓘ</div>'}<div class="grow"></div><div class="menu"></div></div>`;
    const inside =
      content === undefined
        ? `<div class="picture">${type}</div>`
        : `<div class="words"><div class="measured">${marked.parse(content)}</div></div>`;
    return `<section class="panel" style="${box}">${title === undefined ? '' : header}<div class="content">${inside}</div></section>`;
  });
  const height = Math.max(...panels.map(({ gridPos: { y, h } }) => (y + h) * 38));
  return `<!doctype html><style>${fontFaces}${styles}</style><div class="grid" style="width: ${gridWidth}px; height: ${height}px">${drawn.join('')}</div>`;
};

const escaped = (text = ''): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** What the generator believes of the words of a text panel in a grid of this width, px. */
export const believed = ({ gridPos: { w }, options: { content } }: PagePanel, gridWidth: number): number =>
  flow(content!, (w * (gridWidth + 8)) / 24 - 8 - 18).height;
