import type { Push, TargetGroup } from '../../exporter/src/scenario.ts';
import { simulatedBy, type World } from '../../exporter/src/world.ts';
import type { Page, Target } from './scraping.ts';

/** The sample of each metric of a group, as a line of its page, and when they were pushed last. */
type Group = { metrics: Map<string, string>; pushedAt: number };

/** The labels of a group, by the path under which it is pushed. Source: https://github.com/prometheus/pushgateway, API. */
const labelsOf = (url: string): string => {
  const [, path = ''] = /\/metrics\/(.*)$/.exec(url) ?? [];
  const pairs = [...path.matchAll(/(\w+)\/([^/]+)/g)].map(([, name, value]) => [name!, value!] as const);
  // A group without an instance gets an empty one, which is stored as none.
  const all = Object.entries({ instance: '', ...Object.fromEntries(pairs) });
  return all.map(([name, value]) => `${name}="${value}"`).join(',');
};

/**
 * A Pushgateway: what is pushed stays until it is replaced, whoever has pushed it.
 * @param pushes  in the order of time
 * @returns its page at an instant; of what it says of itself when it began
 */
export const pageOfPushgateway = (pushes: readonly Push[], at: number): string => {
  const groups = new Map<string, Group>();
  for (const push of pushes) {
    if (push.at > at) break;
    const labels = labelsOf(push.url);
    // POST leaves the metrics of the group that it does not name; PUT and DELETE leave none.
    const metrics = push.method === 'POST' ? new Map(groups.get(labels)?.metrics) : new Map<string, string>();
    if (push.method === 'DELETE') {
      groups.delete(labels);
      continue;
    }
    for (const line of (push.body ?? '').split('\n')) {
      const [, name, value] = /^(\w+) (\S+)$/.exec(line) ?? [];
      if (name && value) metrics.set(name, `${name}{${labels}} ${value}`);
    }
    groups.set(labels, { metrics, pushedAt: push.at });
  }
  const shown = [...groups].flatMap(([labels, { metrics, pushedAt }]) => [
    ...metrics.values(),
    `push_failure_time_seconds{${labels}} 0`,
    `push_time_seconds{${labels}} ${pushedAt}`,
  ]);
  return [`process_start_time_seconds ${pushes[0]?.at ?? at}`, ...shown].join('\n');
};

/** The Pushgateway that an instance pushes to, as a target; undefined where it pushes to none. */
export const pushgatewayOf = (world: World): { target: Target; page: Page } | undefined => {
  for (const { scenario } of simulatedBy(world)) {
    const named = scenario.pushes && scenario.targets?.(world, 'exporter:8000');
    const [[scrapeJob, [group] = []] = []] = Object.entries(named ?? {}) as [string, TargetGroup[]][];
    if (scrapeJob === undefined || group === undefined) continue;
    const pushes = [...(scenario.pushes?.(world) ?? [])];
    return {
      target: { labels: group.labels as Target['labels'], scrapeJob },
      page: async (at) => pageOfPushgateway(pushes, at),
    };
  }
  return undefined;
};
