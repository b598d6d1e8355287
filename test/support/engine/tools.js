/** The lab's tools as their container has them: with what it is handed, and nothing else of the environment. */
import { spawnSync } from 'node:child_process';

const [names, ...words] = process.argv.slice(2);
const handed = names.split(' ').filter(Boolean);
const env = Object.fromEntries(handed.map((name) => [name, process.env[name]]));
const { status } = spawnSync(process.execPath, ['scripts/native/launch.js', 'scripts/cli/main.ts', ...words], {
  env: { PATH: process.env.PATH, ...env },
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exitCode = status;
