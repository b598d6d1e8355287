import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backends } from './backends.ts';
import type { Settings } from './compose.ts';
import { find } from './find.ts';
import type { Native } from './native.ts';

const node = (program: string) => [process.execPath, 'scripts/native/launch.js', program];
/** What the service is known by: ports of this machine may be anybody's. */
const ofThisLab = ({ LAB_ID }: Settings): Record<string, string> => (LAB_ID ? { LAB_ID } : {});
const hostAndPort = (host: string, port: number, settings: Settings) => ({
  HOST: host,
  PORT: String(port),
  ...ofThisLab(settings),
});

/** By the name of the image. */
export const natives: Record<string, Native> = {
  ...backends,
  exporter: {
    command: node('exporter/src/main.ts'),
    health: '/healthz',
    sources: ['exporter/src', 'lab/chance', 'lab/http', 'lab/settings', 'package-lock.json'],
    defaults: () => ({}),
    fixed: hostAndPort,
  },
  prometheus: {
    command: ['sh', 'prometheus/entrypoint.sh'],
    health: '/-/ready',
    sources: ['prometheus', 'experiments/*/rules.yml'],
    defaults: ({ repository, data, at }) => ({
      LAB_CONFIG_DIR: join(repository, 'prometheus'),
      LAB_EXPERIMENTS_DIR: join(repository, 'experiments'),
      LAB_DATA_DIR: data,
      EXPORTER_ADDRESS: at('exporter'),
      ALERTMANAGER_ADDRESS: at('alertmanager'),
      PROMETHEUS_ADDRESS: at('prometheus'),
    }),
    fixed: (host, port, { REMOTE_WRITE_PASSWORD_FILE: file, LAB_ID }, environment) => ({
      ...ofThisLab({ LAB_ID }),
      PROMETHEUS_LISTEN: `${host}:${port}`,
      // Elsewhere it is a container that must not take localhost for itself.
      LOCALHOST: '',
      // An override may send to a store that asks for no password.
      ...(file && environment.REMOTE_WRITE_PASSWORD_FILE ? { REMOTE_WRITE_PASSWORD_FILE: resolve(file) } : {}),
    }),
    listens: () => 9090,
  },
  alertmanager: {
    command: ['sh', 'alertmanager/entrypoint.sh'],
    health: '/-/ready',
    sources: ['alertmanager', 'experiments/*/alertmanager.yml', 'prometheus/settings.sh'],
    defaults: ({ repository, data, at }) => ({
      LAB_CONFIG_DIR: join(repository, 'alertmanager'),
      LAB_EXPERIMENTS_DIR: join(repository, 'experiments'),
      LAB_DATA_DIR: data,
      GUIDE_ADDRESS: at('guide'),
    }),
    fixed: (host, port) => ({ ALERTMANAGER_LISTEN: `${host}:${port}` }),
    missing: ({ PATH }) =>
      (find('alertmanager', PATH) ?? find('prometheus-alertmanager', PATH)) && find('amtool', PATH)
        ? undefined
        : 'alertmanager and amtool are not in PATH: brew install alertmanager, or https://prometheus.io/download',
  },
  guide: {
    command: node('guide/src/main.ts'),
    health: '/healthz',
    sources: ['guide', 'experiments', 'lab', 'tab', 'exporter/src', 'package-lock.json'],
    defaults: ({ settings, data, at }) => {
      const missing = natives.alertmanager!.missing!(settings);
      return {
        LAB_DATA_DIR: data,
        ADDRESSES_FILE: join(dirname(dirname(data)), 'state.json'),
        EXPORTER_ADDRESS: at('exporter'),
        PROMETHEUS_ADDRESS: at('prometheus'),
        ALERTMANAGER_ADDRESS: at('alertmanager'),
        ...(missing && { LEFT_OUT: `alertmanager: ${missing}` }),
      };
    },
    fixed: hostAndPort,
  },
  grafana: {
    command: [
      'sh',
      '-c',
      'node scripts/native/launch.js grafana/src/main.ts "$DASHBOARDS_PATH" && exec "$GRAFANA" server "--homepath=$GRAFANA_HOME"',
    ],
    health: '/api/health',
    sources: ['grafana', 'experiments', 'lab', 'package-lock.json'],
    defaults: ({ settings, repository, data, at }) => {
      const dashboards = join(dirname(data), '..', 'dashboards');
      return {
        ...fromDockerfile(readFileSync(join(repository, 'grafana/Dockerfile'), 'utf8')),
        ...grafanaIn(settings),
        DASHBOARDS_PATH: dashboards,
        GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: join(dashboards, 'lab-start.json'),
        PROMETHEUS_ADDRESS: at('prometheus'),
        // A step that brings queriers says where they are.
        QUERY_ADDRESS: at('prometheus'),
        QUERY_PLAIN_ADDRESS: at('prometheus'),
        GF_PATHS_PROVISIONING: join(repository, 'grafana/provisioning'),
        GF_PATHS_DATA: data,
        GF_PATHS_PLUGINS: join(data, 'plugins'),
        GF_PATHS_LOGS: join(data, 'log'),
      };
    },
    fixed: (host, port, { GRAFANA_ADMIN_PASSWORD_FILE: file }) => ({
      GF_SERVER_HTTP_ADDR: host,
      GF_SERVER_HTTP_PORT: String(port),
      // Only the image reads the variable that ends in __FILE; the server itself knows this form.
      ...(file ? { GF_SECURITY_ADMIN_PASSWORD: `$__file{${file}}` } : {}),
    }),
    missing: (settings) =>
      grafanaIn(settings) === undefined
        ? 'grafana is not in PATH: brew install grafana, or https://grafana.com/grafana/download and GRAFANA_HOME=<its folder>'
        : undefined,
  },
};

/** The program and its home: packages put the two into different folders. */
const grafanaIn = ({ PATH, GRAFANA_HOME }: Settings): { GRAFANA: string; GRAFANA_HOME: string } | undefined => {
  const program = GRAFANA_HOME ? find('grafana', join(GRAFANA_HOME, 'bin')) : find('grafana', PATH);
  if (program === undefined) return undefined;
  const above = dirname(dirname(realpathSync(program)));
  const homes = [GRAFANA_HOME, above, join(above, 'share/grafana'), '/usr/share/grafana'];
  const home = homes.find((folder) => folder && existsSync(join(folder, 'conf/defaults.ini')));
  return home ? { GRAFANA: program, GRAFANA_HOME: home } : undefined;
};

/** What the image sets for Grafana itself. */
const fromDockerfile = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/\b(GF_\w+)=([^\s\\]+)/g)].map(([, name, value]) => [name, value]));
