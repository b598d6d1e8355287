import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { builtFiles, makeBundle } from './bundle.ts';

/** Makes the editor for the image. */
const { script, licences } = await makeBundle();
mkdirSync(dirname(builtFiles.script), { recursive: true });
writeFileSync(builtFiles.script, script);
writeFileSync(builtFiles.licences, licences);
