import { join } from 'node:path';

/** The folder of the whole checkout, where compose.yaml lies. */
export const repository = join(import.meta.dirname, '../..');
