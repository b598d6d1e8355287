import type { Settings } from './compose.ts';
import { find } from './find.ts';
import type { Native } from './native.ts';

const argument = (args: string[], flag: string): string | undefined =>
  args.find((each) => each.startsWith(`${flag}=`))?.slice(flag.length + 1);

/**
 * A backend beside Prometheus, all of whose settings are arguments.
 * @param name   the one of its image, and its line in packaging/go-programs.sh
 * @param flags  say where it listens, by its arguments; the first is for HTTP. Without one of them it would listen on
 *               every address of this machine
 * @param closes the flag without which any page in a browser could read its answers; undefined where it answers no query
 * @param how     where it is had, a clause
 * @param sources files of the repository that its arguments name
 */
const backend = (
  name: string,
  program: string,
  health: string,
  flags: (args: string[]) => string[],
  closes: (args: string[]) => string | undefined,
  how = `sh packaging/go-programs.sh ${name} builds it (Go 1.26)`,
  sources: string[] = [],
): Native => ({
  command: [program],
  health,
  sources,
  defaults: () => ({}),
  fixed: () => ({}),
  listens: (args) => Number(argument(args, flags(args)[0]!)?.split(':').at(-1)),
  wrong: (service, args) => {
    const flag = flags(args).find((each) => !argument(args, each)?.startsWith(`${service}:`));
    if (flag) return `its command needs ${flag}=${service}:PORT, or it would be open to all`;
    const close = closes(args);
    return close && !args.includes(close)
      ? `its command needs ${close}, or any page in a browser could read its answers`
      : undefined;
  },
  missing: ({ PATH }: Settings) => (find(program, PATH) ? undefined : `${program} is not in PATH: ${how}`),
});

const ofThanos = ([command]: string[]): string[] => [
  '--http-address',
  '--grpc-address',
  ...(command === 'receive' ? ['--remote-write.address', '--receive.capnproto-address'] : []),
];

const answersQueries = new Set(['query', 'query-frontend', 'store', 'rule']);

const download = 'https://prometheus.io/download has it';

/** By the name of the image. */
export const backends: Record<string, Native> = {
  thanos: backend('thanos', 'thanos', '/-/ready', ofThanos, ([command = '']) =>
    answersQueries.has(command) ? '--web.disable-cors' : undefined,
  ),
  victoriametrics: backend(
    'victoriametrics',
    'victoria-metrics',
    '/health',
    () => ['-httpListenAddr'],
    () => '-http.disableCORS',
  ),
  pushgateway: backend(
    'pushgateway',
    'pushgateway',
    '/-/ready',
    () => ['--web.listen-address'],
    () => undefined,
    download,
  ),
  blackbox: backend(
    'blackbox',
    'blackbox_exporter',
    '/-/healthy',
    () => ['--web.listen-address'],
    () => undefined,
    download,
    ['blackbox/modules.yml'],
  ),
};
