import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A new, empty folder, and the way to delete it with everything in it. */
export const temporaryFolder = (): { folder: string; remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

/** A new, empty folder that is deleted when the test ends. */
export const folderFor = (t: Pick<TestContext, 'after'>): string => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  return folder;
};
