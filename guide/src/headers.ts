import type { RequestHandler } from 'express';

/**
 * Everything comes from the page's own address; no script or style stands in the page.
 * @param also  what scripts may do beside that
 */
export const policyOf = (...also: string[]): string =>
  [
    "default-src 'none'",
    `script-src ${["'self'", ...also].join(' ')}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** The engine of the lab in a tab may be compiled; text is still not run as a script. */
export const compiling = "'wasm-unsafe-eval'";

/** A page cannot say this of itself. */
const framed = "frame-ancestors 'self'";

const headers = {
  'Content-Security-Policy': `${policyOf()}; ${framed}`,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set(headers);
  next();
};

/** For the lab in a tab, and for nothing else. */
export const tabHeaders: RequestHandler = (_request, response, next) => {
  response.set('Content-Security-Policy', `${policyOf(compiling)}; ${framed}`);
  next();
};
