/**
 * Prints the packages of package-lock.json that node_modules lacks, or has in another version: nothing where all
 * are there. Plain JavaScript, since it runs before anything is installed.
 */
import { existsSync, readFileSync } from 'node:fs';

const packagesIn = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {});

// A package for other machines counts as optional; one that names a libc has a twin for the other one.
const isForThisMachine = ({ os, cpu, libc }) =>
  (os === undefined || os.includes(process.platform)) && (cpu === undefined || cpu.includes(process.arch)) && !libc;

const installed = packagesIn('node_modules/.package-lock.json');
const missing = Object.entries(packagesIn('package-lock.json'))
  .filter(([path, wanted]) => path.startsWith('node_modules/') && isForThisMachine(wanted))
  .filter(([path, { version }]) => !existsSync(path) || installed[path]?.version !== version)
  .map(([path]) => path.slice('node_modules/'.length));

console.log(missing.join(', '));
