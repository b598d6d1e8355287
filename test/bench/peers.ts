import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** An exporter of the lab's metrics; it reads HOST, PORT and CORES. */
export type Peer = { name: string; version: string; command: string[] };
type Peers = { found: Peer[]; missing: string[] };

const gopath = '/usr/share/gocode';

/**
 * The lab's exporter on this Node, and on each other one that is named; the same in Python and in Go.
 * @param nodes  paths of other Node programs
 */
export const findPeers = (repository: string, artefacts: string, nodes: readonly string[]): Peers => {
  const peers: Peers = { found: [process.execPath, ...nodes].map(labOn), missing: [] };
  for (const find of [python, go]) {
    try {
      peers.found.push(find(repository, artefacts));
    } catch (error) {
      peers.missing.push(error instanceof Error ? error.message : String(error));
    }
  }
  return peers;
};

/** The lab's own exporter, run by this Node. */
export const labOn = (node: string): Peer => {
  const version = output(node, ['--version']);
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  // From 22.18 on Node runs TypeScript by itself.
  const itself = major > 22 || (major === 22 && minor >= 18);
  const name = `lab, Node ${major}${itself ? '' : ' + tsx'}`;
  return { name, version, command: [node, ...(itself ? [] : ['--import', 'tsx']), 'exporter/src/main.ts'] };
};

const python = (repository: string): Peer => {
  // Debian's own Python: another one in PATH would not see Debian's packages.
  const program = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const asked = 'import importlib.metadata as m, sys; print(sys.version.split()[0], m.version("prometheus_client"))';
  const versions = attempt('Python', () => output(program, ['-c', asked]).split(' '));
  return {
    name: 'Python',
    version: `${versions[0]}, prometheus_client ${versions[1]}`,
    command: [program, join(repository, 'test/bench/peers/python/exporter.py')],
  };
};

const go = (repository: string, artefacts: string): Peer => {
  const program = join(artefacts, 'go-exporter');
  return attempt('Go', () => {
    const [, , version = ''] = output('go', ['version']).split(' ');
    mkdirSync(artefacts, { recursive: true });
    execFileSync('go', ['build', '-o', program, '.'], {
      cwd: join(repository, 'test/bench/peers/go'),
      env: { ...process.env, GO111MODULE: 'off', GOPATH: gopath },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const library = packageVersion('golang-github-prometheus-client-golang-dev');
    return { name: 'Go', version: `${version.replace('go', '')}, client_golang ${library}`, command: [program] };
  });
};

const attempt = <T>(what: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(`${what} is left out (${reason}); on Debian: sh test/bench/peers/install.sh`);
  }
};

const packageVersion = (name: string): string => {
  try {
    return output('dpkg-query', ['-f', '$' + '{Version}', '-W', name]);
  } catch {
    return 'of unknown version';
  }
};

const output = (program: string, argumentList: string[]): string =>
  execFileSync(program, argumentList, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
