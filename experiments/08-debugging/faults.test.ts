import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../lab/model/lab.ts';
import { diagnose } from './diagnosis.ts';
import { faultIn, faults } from './faults.ts';

/** The job as Prometheus 3.5 and 3.13 write it. */
const jobConfig = `job_name: my_app
  honor_timestamps: true
  track_timestamps_staleness: false
  scrape_interval: 5s
  scrape_timeout: 5s
  metrics_path: /metrics
  scheme: http
  enable_compression: true
  follow_redirects: true
  http_sd_configs:
  - follow_redirects: true
    enable_http2: true
    refresh_interval: 5s
    url: http://exporter:8000/targets?job=my_app
  static_configs:
  - targets:
    - exporter:8000
    labels:
      instance: exporter:8000
`;

const relabelling = (rest: string) =>
  jobConfig.replace(
    '  http_sd_configs:\n',
    `  metric_relabel_configs:\n  - source_labels: [__name__]\n    separator: ;\n    regex: cpu_usage_simulated\n${rest}  http_sd_configs:\n`,
  );

const lab: Lab = {
  now: 1_800_000_000,
  scrapeSeconds: 5,
  evaluationSeconds: 5,
  prometheusStartedAt: 1_799_999_000,
  exporter: { signal: 'random', seed: 1, startedAt: 1_799_999_000, cores: 2 },
  target: { health: 'up', lastError: '', scrapeUrl: 'http://exporter:8000/metrics' },
  jobConfig,
};
const answering = (scrapeAnswer: object): Partial<Lab> => ({ exporter: { ...lab.exporter!, scrapeAnswer } });

/** Each fault as the lab shows it, and what Prometheus says of the target. */
const seen: [name: string, change: Partial<Lab>, lastError: string][] = [
  ['path', { jobConfig: jobConfig.replace('/metrics', '/metric') }, 'server returned HTTP status 404 Not Found'],
  [
    'port',
    { jobConfig: jobConfig.replace('    - exporter:8000', '    - exporter:8001') },
    'Get "http://exporter:8001/metrics": dial tcp 172.18.0.2:8001: connect: connection refused',
  ],
  [
    'scheme',
    { jobConfig: jobConfig.replace('scheme: http', 'scheme: https') },
    'Get "https://exporter:8000/metrics": http: server gave HTTP response to HTTPS client',
  ],
  [
    'renamed',
    {
      jobConfig: relabelling(
        '    target_label: __name__\n    replacement: cpu_usage_simulated_percent\n    action: replace\n',
      ),
    },
    '',
  ],
  ['dropped', { jobConfig: relabelling('    replacement: $1\n    action: drop\n') }, ''],
  ['slow', answering({ afterSeconds: 15 }), 'Get "http://exporter:8000/metrics": context deadline exceeded'],
  [
    'content-type',
    answering({ contentType: 'text/html' }),
    'received unsupported Content-Type "text/html; charset=utf-8" and no fallback_scrape_protocol specified for target',
  ],
];

test('every fault is tried here', () => {
  assert.deepEqual(
    seen.map(([name]) => name),
    faults.map(({ name }) => name),
  );
});

for (const [name, change, lastError] of seen) {
  test(`${name} is active, and no other`, () => {
    const changed = { ...lab, ...change };
    assert.deepEqual(
      faults.filter(({ isActive }) => isActive(changed)).map((fault) => fault.name),
      [name],
    );
  });
  if (lastError !== '') {
    test(`${name} is what Prometheus' own words lead to`, () => {
      assert.equal(diagnose(lastError, 'http://exporter:8000/metrics')?.fault, name);
    });
  }
}

test('the base lab has none, nor a lab whose configuration is not known', () => {
  assert.equal(faultIn(lab), undefined);
  assert.equal(faultIn({ ...lab, jobConfig: jobConfig.replaceAll('exporter:8000', '127.0.0.1:18000') }), undefined);
  const { jobConfig: _, ...unknown } = lab;
  assert.equal(faultIn(unknown), undefined);
});
