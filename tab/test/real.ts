import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Reader } from '../../lab/model/reader.ts';
import { labPrometheus } from '../../lab/running/prometheus.ts';
import { remoteWrite } from '../../lab/running/remote-write.ts';
import { repository } from '../../scripts/host/repository.ts';
import { findProgram } from '../../test/support/programs.ts';
import { startPrometheus } from '../../test/support/prometheus.ts';
import type { Stage } from '../page/stage.ts';
import { noEngine } from './engine.ts';

/** A real Prometheus of the version that the engine is made of: what the tab says is held against it. */
const [, pinned] = /^PROMETHEUS_IMAGE=.*:v(.+)$/m.exec(readFileSync(join(repository, '.env'), 'utf8'))!;
const noPrometheus = (): string | false => {
  const program = findProgram('prometheus');
  if (program === undefined) return 'prometheus is not here';
  const said = execFileSync(program, ['--version'], { encoding: 'utf8' });
  return (
    !said.includes(`version ${pinned} `) && `the engine is that of Prometheus ${pinned}, which is not the one here`
  );
};

/** Why nothing can be compared; false where both are here. */
export const missing = noEngine || noPrometheus();

/** What a stage has stored is written to a Prometheus, which ends with the test. @returns a reader of it */
export const prometheusWith = async (t: TestContext, stage: Pick<Stage, 'stored'>): Promise<Reader> => {
  const { port, read, stop } = await startPrometheus(
    () => ({}),
    ['--web.enable-remote-write-receiver', '--enable-feature=promql-extended-range-selectors'],
  );
  t.after(stop);
  await remoteWrite(labPrometheus, `http://127.0.0.1:${port}`, stage.stored());
  return read;
};
