import type { BuildOptions } from 'esbuild';

export const inItsPlace: (repository: string) => BuildOptions;
