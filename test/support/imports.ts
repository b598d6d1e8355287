/** Imports of types alone leave nothing behind at run time. */
const typesAlone = /^(?:import|export) type [^;]*;$/gm;

/** @returns the paths and the packages that a module's text imports, those of types included, as they are written */
export const importsIn = (text: string): string[] =>
  [...text.matchAll(/(?:^(?:import|export|\})[^'"`\n]*\bfrom |^import |\bimport\(\s*)['"`]([^'"`$\n]+)['"`]/gm)].map(
    ([, name]) => name!,
  );

/** The same, without what is only types. */
export const importsAtRunTime = (text: string): string[] => importsIn(text.replaceAll(typesAlone, ''));
