import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../scripts/host/repository.ts';
import { tryRun } from '../support/commands.ts';
import type { Fault } from './fault.ts';

const ours = ['exporter', 'prometheus', 'alertmanager', 'guide', 'grafana', 'tools'].map(
  (name) => `prometheus-lab/${name}`,
);

/** A variable or a build step that gives a secret a value. */
const secret =
  /\b\w*(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|CREDENTIAL)\w*=[^\s"']+|-----BEGIN [A-Z ]*PRIVATE KEY|_authToken=/i;

const imagesHere = async (): Promise<string[]> => {
  const { code, output } = await tryRun('docker', ['images', '--format', '{{.Repository}}']).catch(() => ({
    code: 1,
    output: '',
  }));
  return code === 0 ? ours.filter((name) => output.split('\n').includes(name)) : [];
};

const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });

/** @param canary  the password that this run gave to the lab */
export const securityChecks = async (canary: string | undefined): Promise<Fault[]> => {
  const images = await imagesHere();
  return [
    {
      name: 'no secret in an image',
      skip: images.length === 0 ? 'no images of the lab on this machine' : undefined,
      run: async () => {
        for (const image of images) {
          const { output: history } = await tryRun('docker', [
            'history',
            '--no-trunc',
            '--format',
            '{{.CreatedBy}}',
            image,
          ]);
          const { output: config } = await tryRun('docker', ['inspect', '--format', '{{json .Config}}', image]);
          assert.ok(history.length > 10 && config.length > 10, `docker says nothing of ${image}`);
          assert.doesNotMatch(history, secret, image);
          for (const line of JSON.parse(config).Env) assert.doesNotMatch(line, secret, image);
          if (canary) assert.ok(!history.includes(canary) && !config.includes(canary), image);
        }
        return { lost: `history and settings of ${images.length} images`, recovery: '–' };
      },
    },
    {
      name: "Grafana's password in no log",
      skip: canary ? undefined : 'make faults gives it one, this run did not',
      run: async () => {
        const lab = join(repository, '.lab');
        const logs = ['build.log', 'up.log', 'state.json'].map((name) => join(lab, name)).filter(existsSync);
        const folders = ['logs', 'data/prometheus/lab-config'].map((name) => join(lab, name)).filter(existsSync);
        const files = [...logs, ...folders.flatMap(filesBelow)];
        for (const file of files) assert.ok(!readFileSync(file, 'utf8').includes(canary!), `${file} holds it`);
        const { output } = await tryRun('docker', ['compose', 'logs', '--no-color']).catch(() => ({ output: '' }));
        assert.ok(!output.includes(canary!), "a container's log holds it");
        return { lost: `${files.length} files and the containers' logs`, recovery: '–' };
      },
    },
    {
      name: 'npm audit --omit=dev, level high',
      ...(await audit()),
    },
  ];
};

/** Not every registry answers an audit; where it does not, nothing is known. */
const audit = async (): Promise<Pick<Fault, 'skip' | 'run'>> => {
  const { code, output } = await tryRun('npm', ['audit', '--omit=dev', '--audit-level=high', '--json']);
  const report = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
    message?: string;
    metadata?: { vulnerabilities: Record<string, number> };
  };
  const found = report.metadata?.vulnerabilities;
  return {
    skip: found ? undefined : 'not tried, the package registry answers no audit',
    run: async () => {
      assert.equal(code, 0, JSON.stringify(found));
      return { lost: `${found!.high} high, ${found!.critical} critical`, recovery: '–' };
    },
  };
};
