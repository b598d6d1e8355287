import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFor } from '../../../test/support/folder.ts';
import { freeMegabytes } from '../memory.ts';

test('free memory is what Linux calls available, in MB; where nobody says, it is not known', (t) => {
  const file = join(folderFor(t), 'meminfo');
  writeFileSync(file, 'MemTotal:        8148704 kB\nMemFree:          123456 kB\nMemAvailable:    1000000 kB\n');
  assert.equal(freeMegabytes(file), 1024);
  writeFileSync(file, 'MemTotal:        8148704 kB\n');
  assert.equal(freeMegabytes(file), undefined);
  assert.equal(freeMegabytes(join(file, 'nowhere')), undefined);
});
