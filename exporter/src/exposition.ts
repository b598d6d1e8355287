import { Registry } from 'prom-client';

export const contentTypes = { text: Registry.PROMETHEUS_CONTENT_TYPE, openmetrics: Registry.OPENMETRICS_CONTENT_TYPE };
export type Format = keyof typeof contentTypes;

/**
 * The text format as OpenMetrics: no blank lines, a counter's family named without `_total`. `# EOF` is
 * left to the caller.
 * prom-client's own OpenMetrics mode renames the metrics of the registry for good, so that one
 * registry could not serve both formats.
 */
export const openMetrics = (text: string): string =>
  text
    .replaceAll(/\n{2,}/g, '\n')
    .replaceAll(/^# HELP (\w+)_total (.*)\n# TYPE \1_total counter$/gm, '# HELP $1 $2\n# TYPE $1 counter');

/**
 * The format that a scraper asks for. OpenMetrics is sent to whoever names it and does not like plain text better.
 * @param accept  the request's Accept header, its weights included
 */
export const formatFor = (accept = '*/*'): Format => {
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const weightOf = (...types: string[]): number => {
    const named = types.find((type) => ranges.some((range) => range.type === type));
    return Math.max(0, ...ranges.filter(({ type }) => type === named).map(({ weight }) => weight));
  };
  const open = weightOf('application/openmetrics-text');
  return open > 0 && open >= weightOf('text/plain', 'text/*', '*/*') ? 'openmetrics' : 'text';
};
