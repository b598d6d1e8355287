import { quoted } from '../settings/quoted.ts';

/** What a learner may set about where the lab listens; the exporter and Prometheus check their own settings. */

/** The variables of the published ports, and their values where nothing is set. */
export const ports = {
  EXPORTER_PORT: '8000',
  PROMETHEUS_PORT: '9090',
  ALERTMANAGER_PORT: '9093',
  GRAFANA_PORT: '3000',
  GUIDE_PORT: '8080',
  QUERY_PORT: '10902',
} as const;

/** The first of the ports that nothing publishes: only without Docker they are ports of this machine. */
export const firstAddedPort = '10950';

export const isPort = (text: string): boolean =>
  /^[1-9]\d{0,4}$/.test(text) && !text.endsWith('\n') && Number(text) <= 65_535;

/** Without leading zeros: some programs read them as octal, others as a name. */
const isIpv4 = (text: string): boolean =>
  /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text) &&
  !text.endsWith('\n') &&
  text.split('.').every((part) => Number(part) <= 255);

/**
 * Everything that is wrong with the ports and with BIND, a sentence each; an empty value counts as not set.
 * Docker publishes on IPv6 only where its daemon is set to, so the lab listens on IPv4.
 */
export const listenProblems = (environment: Record<string, string | undefined>): string[] => {
  const problems: string[] = [];
  const variables = new Map<string, string>();
  for (const [name, fallback] of Object.entries(ports)) {
    const port = environment[name] || fallback;
    const other = variables.get(port);
    if (!isPort(port)) problems.push(`${name} must be a whole number from 1 to 65535, got ${quoted(port)}`);
    else if (other) problems.push(`${other} and ${name} are both ${port}: change one`);
    else variables.set(port, name);
  }
  const backend = environment.ENGINE_PORT || firstAddedPort;
  if (!isPort(backend)) problems.push(`ENGINE_PORT must be a whole number from 1 to 65535, got ${quoted(backend)}`);
  const bind = environment.BIND || '127.0.0.1';
  if (!isIpv4(bind)) problems.push(`BIND must be an IPv4 address of this machine, got ${quoted(bind)}`);
  return problems;
};
