import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const resolve = createRequire(import.meta.url).resolve;
const face = (family: string, weight: number, file: string): string =>
  `@font-face { font-family: '${family}'; font-weight: ${weight};
    src: url(data:font/woff2;base64,${readFileSync(resolve(file)).toString('base64')}) format('woff2'); }`;

/** Grafana's fonts, as a style sheet that needs no server. */
export const fontFaces = [
  face('Inter', 400, 'inter-ui/web/Inter-Regular.woff2'),
  face('Inter', 500, 'inter-ui/web/Inter-Medium.woff2'),
  face('Roboto Mono', 400, '@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2'),
].join('\n');
