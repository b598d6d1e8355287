import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboards } from './dashboards.ts';

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0) {
  console.error(`grafana: needs one folder to write the dashboards to, got ${process.argv.length - 2}`);
  process.exit(1);
}

/** A reader sees the old file or the new one, never a part. Grafana reads what ends in .json. */
const replace = (file: string, content: string): void => {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, file);
};

try {
  mkdirSync(folder, { recursive: true });
  const all = dashboards(process.env.GUIDE_URL);
  for (const dashboard of all) {
    replace(join(folder, `${dashboard.uid}.json`), `${JSON.stringify(dashboard, null, 2)}\n`);
  }
  console.log(`grafana: ${all.length} dashboards written to ${folder}`);
} catch (error) {
  if (!(error instanceof Error && 'code' in error)) throw error;
  console.error(`grafana: cannot write the dashboards to ${folder}: ${error.message}`);
  process.exit(1);
}
