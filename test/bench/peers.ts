import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
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

const asked = 'import importlib.metadata as m, sys; print(sys.version.split()[0], m.version("prometheus_client"))';

/** With the pinned package, in a folder of the bench's own; where the index cannot be reached, with what this machine has. */
const python = (repository: string, artefacts: string): Peer => {
  const folder = join(repository, 'test/bench/peers/python');
  // The system's own: one that was built beside it may lack TLS, and does not see the system's packages.
  const system = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const own = join(artefacts, 'python');
  const [program, versions] = attempt('Python', () =>
    firstOf(
      () => {
        quietly(system, ['-m', 'venv', own]);
        const index = ['--quiet', '--disable-pip-version-check', '--retries', '1', '-r', 'requirements.txt'];
        quietly(join(own, 'bin/pip'), ['install', ...index], { cwd: folder });
        return [join(own, 'bin/python'), output(join(own, 'bin/python'), ['-c', asked])] as const;
      },
      () => [system, output(system, ['-c', asked])] as const,
    ),
  );
  const [version, library] = versions.split(' ');
  const command = [program, join(folder, 'exporter.py')];
  return { name: 'Python', version: `${version}, prometheus_client ${library}`, command };
};

/** From the pinned modules; where they cannot be reached, from Debian's package of them. */
const go = (repository: string, artefacts: string): Peer => {
  const folder = join(repository, 'test/bench/peers/go');
  const program = join(artefacts, 'go-exporter');
  const build = (env: Record<string, string>) => {
    quietly('go', ['build', '-o', program, '.'], { cwd: folder, env: { ...process.env, ...env } });
  };
  return attempt('Go', () => {
    const [, , version = ''] = output('go', ['version']).split(' ');
    mkdirSync(artefacts, { recursive: true });
    const library = firstOf(
      () => {
        build({ GO111MODULE: 'on', GOFLAGS: '-mod=readonly' });
        const pinned = /client_golang v(\S+)/.exec(readFileSync(join(folder, 'go.mod'), 'utf8'));
        return pinned![1]!;
      },
      () => {
        build({ GO111MODULE: 'off', GOPATH: gopath });
        return packageVersion('golang-github-prometheus-client-golang-dev');
      },
    );
    return { name: 'Go', version: `${version.replace('go', '')}, client_golang ${library}`, command: [program] };
  });
};

/** The first that succeeds. @throws what the first one threw where none does */
const firstOf = <T>(first: () => T, second: () => T): T => {
  try {
    return first();
  } catch (error) {
    try {
      return second();
    } catch {
      throw error;
    }
  }
};

const quietly = (program: string, argumentList: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) =>
  execFileSync(program, argumentList, { ...options, timeout: 300_000, stdio: ['ignore', 'ignore', 'pipe'] });

const attempt = <T>(what: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(
      `${what} is left out (${reason}); without access to Python's package index and Go's modules, on Debian: sh test/bench/peers/install.sh`,
    );
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
