import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFolder, licencesFile, makeBundle } from './bundle.ts';

/** Makes the page for the image. */
const { files, licences } = await makeBundle();
mkdirSync(builtFolder, { recursive: true });
for (const [name, text] of [...files, [licencesFile, licences] as const]) writeFileSync(join(builtFolder, name), text);
