/** What Alertmanager 0.33 sends when HighCPU fires, with chosen fields replaced. */
export const message = (fields: Record<string, unknown> = {}, alertFields: Record<string, unknown> = {}) => ({
  receiver: 'guide',
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'HighCPU', instance: 'exporter:8000', job: 'my_app', severity: 'warning' },
      annotations: { summary: 'CPU of exporter:8000 is high', dashboard: '/d/lab-06-alerting' },
      startsAt: '2026-11-23T20:40:05.500Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://localhost:9090/graph?g0.expr=cpu_usage_simulated+%3E+80',
      fingerprint: '7d2a3b0c1e4f5a6b',
      ...alertFields,
    },
  ],
  groupLabels: { alertname: 'HighCPU', job: 'my_app' },
  commonLabels: { alertname: 'HighCPU' },
  commonAnnotations: {},
  externalURL: 'http://localhost:9093',
  version: '4',
  groupKey: '{}:{alertname="HighCPU", job="my_app"}',
  truncatedAlerts: 0,
  ...fields,
});
