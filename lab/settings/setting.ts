/** How a setting is read, whoever reads it. */
export type Setting<T> = {
  /** what it must be, to go after "must be" */
  expected: string;
  /** @returns undefined for a text that is not right */
  parse: (text: string) => T | undefined;
};

/** A whole number, both ends included; without leading zeros, which a shell would read as octal. */
export const wholeNumber = (lowest: number, highest: number): Setting<number> => ({
  expected: `a whole number from ${lowest} to ${highest}`,
  parse: (text) => {
    const number = /^(0|-?[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
    return number >= lowest && number <= highest ? number : undefined;
  },
});

/** A port of TCP. */
export const port = wholeNumber(1, 65_535);

/** One of some names. */
export const oneOf = <Name extends string>(names: readonly Name[]): Setting<Name> => ({
  expected: `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`,
  parse: (text) => names.find((name) => name === text),
});

/** An address to listen on, IPv4 or IPv6: whether this machine has it shows when it is asked for. */
export const ipAddress: Setting<string> = {
  expected: 'an IP address to listen on',
  parse: (text) => (/^[0-9a-f.:]{2,45}$/i.test(text) ? text : undefined),
};

/** A name or an address of a host, and a port. */
export const hostAndPort: Setting<string> = {
  expected: 'host:port, such as localhost:9090',
  parse: (text) => {
    const [, number = ''] = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\]):(\d+)$/i.exec(text) ?? [];
    return port.parse(number) ? text : undefined;
  },
};

/** @returns every part that stands between commas, read; undefined where one is not right or there are too many */
export const listOf = <T>(
  text: string,
  most: number,
  parse: (part: string) => T | undefined,
  separator = ',',
): T[] | undefined => {
  const parts = text.split(separator).map(parse);
  const right = parts.filter((part) => part !== undefined);
  return right.length === parts.length && parts.length <= most ? right : undefined;
};
