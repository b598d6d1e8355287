import { parseEnv } from 'node:util';

type Environment = Record<string, string | undefined>;

/**
 * The settings of a .env as Compose reads it: `$NAME`, `${NAME}`, `${NAME-default}` and `${NAME:-default}` stand for
 * another setting, of the environment first and then of the lines above; between single quotes they do not.
 * @param text  of the file
 * @returns its settings, with those of the environment laid over them
 */
export const readDotEnv = (text: string, environment: Environment): Environment => {
  const values: Environment = {};
  for (const [name, value] of Object.entries(parseEnv(text)))
    values[name] = isLiteral(text, name) ? value : filledIn(value!, { ...values, ...environment });
  return { ...values, ...environment };
};

const isLiteral = (text: string, name: string): boolean =>
  new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=\\s*'`, 'm').test(text);

const filledIn = (value: string, settings: Environment): string =>
  value.replace(/\$(?:(\w+)|\{(\w+)(?:(:?-)([^{}]*))?\})/g, (_, bare, braced, rule, otherwise = '') => {
    const found = settings[bare ?? braced];
    return (rule === ':-' ? found || undefined : found) ?? otherwise;
  });
