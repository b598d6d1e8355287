/** The alert that experiment 6 follows. prometheus/rules/alerts.yml says the same; a test ties the two. */
export const highCpu = {
  name: 'HighCPU',
  /** of rules; it is evaluated as a whole */
  group: 'lab',
  /** above it the simulated CPU also counts as a spike, in the exporter, the guide and the checks */
  thresholdPercent: 80,
  forSeconds: 10,
} as const;

/** The alert that watches `up`. */
export const targetDown = { name: 'TargetDown', forSeconds: 35 } as const;

/** How Alertmanager groups what it is sent. alertmanager/alertmanager.yml.tmpl says the same; a test ties the two. */
export const grouping = {
  /** `group_by` */
  by: ['alertname', 'job'],
  /** `group_wait`: after a group's first alert */
  waitSeconds: 2,
  /** `group_wait` of what is critical */
  criticalWaitSeconds: 1,
  /** `group_interval`: between two notifications of a group that has changed, resolved alerts included */
  intervalSeconds: 5,
} as const;
