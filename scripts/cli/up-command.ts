import type { Environment } from '../../lab/settings/reader.ts';

/**
 * `make up` as it is typed for the lab that is meant: with its name, and with what has moved all of its ports, so that
 * a setting beside it changes that one alone.
 */
export const upCommand = ({ LAB_NAME, LAB_PORTS }: Environment, ...settings: string[]): string =>
  ['make up', ...(LAB_NAME ? [`LAB=${LAB_NAME}`] : []), ...(LAB_PORTS ? [`PORTS=${LAB_PORTS}`] : []), ...settings].join(
    ' ',
  );
