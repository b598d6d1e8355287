import { listOf, type Setting } from '../../lab/settings/setting.ts';

/** A service of Thanos beside the lab, which Prometheus scrapes because the exporter names it. */
export type ThanosTarget = {
  /** host:port */
  address: string;
  /** the label `instance`, the same wherever the service is reached; the address where it has no name */
  name?: string;
};

/** The scrape job of Thanos' services, and of what they read. */
export const thanosJob = 'thanos';

const mostTargets = 12;
const host = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?';
const entry = new RegExp(`^(?:(?<name>${host})=)?(?<address>${host}:(?<port>[1-9]\\d{0,4}))$`);

const parseTarget = (text: string): ThanosTarget | undefined => {
  const { name, address, port } = entry.exec(text)?.groups ?? {};
  if (address === undefined || Number(port) > 65_535 || text.endsWith('\n')) return undefined;
  return { address, ...(name && { name }) };
};

/** `store=store:10902,query:10902`. */
export const thanosTargetsSetting: Setting<readonly ThanosTarget[]> = {
  expected: `1 to ${mostTargets} different services, host:port or name=host:port, such as store=store:10902`,
  parse: (text) => {
    const targets = listOf(text, mostTargets, parseTarget);
    if (targets === undefined) return undefined;
    const instances = new Set(targets.map(({ address, name = address }) => name));
    const addresses = new Set(targets.map(({ address }) => address));
    return instances.size === targets.length && addresses.size === targets.length ? targets : undefined;
  },
};

/** @returns them as Prometheus' service discovery takes them */
export const thanosTargetGroups = (targets: readonly ThanosTarget[]) =>
  targets.map(({ address, name = address }) => ({ targets: [address], labels: { job: thanosJob, instance: name } }));
