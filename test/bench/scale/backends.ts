import { join } from 'node:path';
import { temporaryFolder } from '../../support/folder.ts';
import { freePort } from '../../support/ports.ts';
import { type Running, start, untilAnswers } from '../../support/processes.ts';
import { findProgram } from '../../support/programs.ts';
import { pause } from '../../support/until.ts';
import { folderBytes, get, patienceSeconds } from './probe.ts';
import type { Server } from './server.ts';

/** What a Prometheus can write to, and what answers its queries. */
type Started = Server & { writeUrl: string; stop: () => Promise<void> };
export type Backend = { name: string; program: string; start: () => Promise<Started> };

/** Adds a process to a backend, and waits until it answers at a URL. */
type Add = (what: string, url: string, command: readonly string[]) => Promise<Running>;

/** With a folder of its own, which goes with it. */
const backend = async (begin: (folder: string, add: Add) => Promise<Omit<Started, 'stop'>>): Promise<Started> => {
  const { folder, remove } = temporaryFolder();
  const running: Running[] = [];
  const stop = async () => {
    for (const each of running) await each.stop();
    remove();
  };
  const add: Add = async (what, url, command) => {
    const each = start(command);
    running.unshift(each);
    await untilAnswers(what, each, url);
    return each;
  };
  try {
    return { ...(await begin(folder, add)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** One receiver, which keeps everything once, and one querier, which is asked. */
const startThanos = (program: string): Promise<Started> =>
  backend(async (folder, add) => {
    const free = async () => `127.0.0.1:${await freePort()}`;
    const [write, receiver, store, querier] = [await free(), await free(), await free(), await free()];
    const receive = await add('thanos receive', `http://${receiver}/-/ready`, [
      program,
      'receive',
      '--label=receive="bench"',
      `--tsdb.path=${folder}`,
      `--remote-write.address=${write}`,
      `--http-address=${receiver}`,
      `--grpc-address=${store}`,
      `--receive.capnproto-address=${await free()}`,
      // On a busy machine a write may take longer than the 5 s that it has; Prometheus repeats one after 30 s, and what is
      // repeated is out of order.
      '--receive-forward-timeout=30s',
      '--tsdb.out-of-order.time-window=1h',
    ]);
    const query = await add('thanos query', `http://${querier}/-/ready`, [
      program,
      'query',
      `--endpoint=${store}`,
      `--http-address=${querier}`,
      `--grpc-address=${await free()}`,
      `--query.timeout=${patienceSeconds}s`,
      // What cannot be answered as a whole is an error.
      '--no-query.partial-response',
    ]);
    return {
      address: `http://${querier}`,
      writeUrl: `http://${write}/api/v1/receive`,
      processes: [
        { pid: receive.pid, address: `http://${receiver}` },
        { pid: query.pid, address: `http://${querier}` },
      ],
      logBytes: () => folderBytes(join(folder, 'default-tenant/wal')),
    };
  });

const startVictoriaMetrics = (program: string): Promise<Started> =>
  backend(async (folder, add) => {
    const listening = `127.0.0.1:${await freePort()}`;
    const address = `http://${listening}`;
    const { pid } = await add('VictoriaMetrics', `${address}/health`, [
      program,
      `-httpListenAddr=${listening}`,
      `-storageDataPath=${folder}`,
      '-search.latencyOffset=0s',
      // Its limits allow for far fewer series in a query.
      '-search.maxUniqueTimeseries=2000000',
      `-search.maxQueryDuration=${patienceSeconds}s`,
    ]);
    const blockBytes = async () => {
      await get(`${address}/internal/force_flush`);
      // Parts in memory are written within 5 s.
      await pause(6);
      return folderBytes(join(folder, 'data'));
    };
    return { address, writeUrl: `${address}/api/v1/write`, processes: [{ pid, address }], blockBytes };
  });

const known = [
  { name: 'Thanos', file: 'thanos', start: startThanos },
  { name: 'VictoriaMetrics', file: 'victoria-metrics', start: startVictoriaMetrics },
];

/** Those whose program is on this machine; of each other one a line that says so. */
export const findBackends = (): { found: Backend[]; absent: string[] } => {
  const found: Backend[] = [];
  const absent: string[] = [];
  for (const { name, file, start: begin } of known) {
    const program = findProgram(file);
    if (program === undefined) absent.push(`${name} is left out: ${file} is not in PATH`);
    else found.push({ name, program, start: () => begin(program) });
  }
  return { found, absent };
};
