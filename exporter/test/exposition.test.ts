import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFor, openMetrics } from '../src/exposition.ts';

test('only the family of a counter loses its _total', () => {
  assert.equal(
    openMetrics(
      '# HELP a_total A.\n# TYPE a_total counter\na_total 1\n\n# HELP b_total B.\n# TYPE b_total gauge\nb_total 2\n',
    ),
    '# HELP a A.\n# TYPE a counter\na_total 1\n# HELP b_total B.\n# TYPE b_total gauge\nb_total 2\n',
  );
});

const prometheus =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;' +
  'q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

const accepted: [accept: string | undefined, format: string][] = [
  [undefined, 'text'],
  ['', 'text'],
  ['*/*', 'text'],
  ['text/html', 'text'],
  [prometheus, 'openmetrics'],
  ['application/openmetrics-text', 'openmetrics'],
  ['APPLICATION/OpenMetrics-Text ; version=1.0.0', 'openmetrics'],
  ['application/openmetrics-text;q=0', 'text'],
  ['application/openmetrics-text;q=0.0,*/*', 'text'],
  ['application/openmetrics-text; q=0,text/plain;q=0.1', 'text'],
  ['application/openmetrics-text;q=0.2,text/plain;q=0.3', 'text'],
  ['application/openmetrics-text;q=0.3,text/plain;q=0.3', 'openmetrics'],
  ['application/openmetrics-text;q=0.3,text/plain;q=0,*/*', 'openmetrics'],
  ['application/openmetrics-text;q=0.3,text/*;q=0.9', 'text'],
  ['application/openmetrics-text;q=high', 'text'],
  ['application/openmetrics-textual', 'text'],
];
for (const [accept, format] of accepted) {
  test(`Accept: ${accept} gets ${format}`, () => assert.equal(formatFor(accept), format));
}
