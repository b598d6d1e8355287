import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seconds } from '../../lab/model/format.ts';
import type { Series } from '../../lab/promql/sample.ts';
import { fetchDirect } from '../../lab/running/fetch.ts';
import { make } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { until } from '../support/until.ts';
import { experimentNamed } from './backend-kills.ts';
import type { Fault } from './fault.ts';
import { frozen, killed, type Outage, stopped, untilUp } from './outage.ts';
import { gapIn } from './stored.ts';

/** What goes wrong with the blackbox exporter, and with whom it asks. */

const prober = 'blackbox';
const up = 'up{job="probe",module="shop"}';
const probesStored = async (lab: Lab, from: number, to: number): Promise<Series[]> => {
  const found = await lab.read.samples('{__name__=~"probe_.*",module="shop"}', to - from, to);
  const nameOf = ({ labels }: Series) => JSON.stringify(Object.entries(labels).sort());
  return found.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
};

/** Brings the prober. @returns since when it has been scraped, unix seconds */
const probed = async (lab: Lab): Promise<number> => {
  await make(experimentNamed('black-box').command);
  return untilUp(lab, up, 1, lab.now() - 1);
};

const outageFault = (lab: Lab, runtime: Runtime, { name, begin, end }: Outage): Fault => ({
  name: `${name} the blackbox exporter`,
  run: async () => {
    const first = await probed(lab);
    await until('some probes', 40, async () => lab.now() > first + 11);
    const cut = lab.now() - 1;
    const before = await probesStored(lab, first - 1, cut);
    assert.ok(before.some(({ labels, samples }) => labels.__name__ === 'probe_success' && samples.length > 1));
    const silentAt = lab.now();
    await begin(prober, runtime);
    const verb = end(runtime);
    if (verb !== undefined) {
      const downAt = await untilUp(lab, up, 0, silentAt);
      assert.deepEqual(await lab.read.query('probe_success{module="shop"}', downAt + 1), [], 'it goes on to be shown');
      await make(verb, { SERVICE: prober });
    }
    const againAt = lab.now();
    const recoverySeconds = (await untilUp(lab, up, 1, againAt)) - againAt;
    assert.deepEqual(await probesStored(lab, first - 1, cut), before, 'what had been stored');
    assert.ok(gapIn(await lab.stored(silentAt - 12, lab.now()), 5).missed <= 0, 'a scrape of the exporter is missing');
    const by = verb === undefined ? 'by itself' : `after make ${verb}`;
    return {
      lost: 'its probes meanwhile: up is 0, and probe_success is not shown',
      recovery: `${seconds(recoverySeconds)} ${by}`,
    };
  },
});

/** Ways in which a page never ends its answer. */
const endless: Record<string, (response: ServerResponse) => void> = {
  'never begins its answer': () => {},
  'never ends its answer': (response) => {
    const drip = setInterval(() => response.write('Sorry\n'), 100);
    response.on('close', () => clearInterval(drip));
  },
  'never ends its answer, and sends as fast as it can': (response) => {
    const chunk = Buffer.alloc(2 ** 20, 'Sorry\n');
    const more = () => {
      while (!response.closed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  },
};

const endlessFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'a probed page that never ends its answer',
  run: async () => {
    await probed(lab);
    const identity = await runtime.identity(prober);
    const begunAt = lab.now();
    const server = createServer((request, response) => endless[decodeURIComponent(request.url!.slice(1))]?.(response));
    const host = await runtime.hostFor(prober);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    try {
      const base = `http://${await runtime.reached(prober, 9115)}`;
      const page = `http://${host}:${(server.address() as AddressInfo).port}`;
      for (const way of Object.keys(endless)) {
        const query = new URLSearchParams({ module: 'shop', target: `${page}/${encodeURIComponent(way)}` });
        const response = await fetchDirect(`${base}/probe?${query}`, 20_000);
        assert.match(await response.text(), /^probe_success 0$/m, way);
      }
      assert.equal(await runtime.identity(prober), identity, 'the prober was started again');
    } finally {
      server.closeAllConnections();
      server.close();
    }
    await untilUp(lab, up, 1, lab.now());
    const scrapes = (await lab.read.samples(up, lab.now() - begunAt, lab.now())).flatMap(({ samples }) => samples);
    assert.ok(scrapes.length > 0 && scrapes.every(([, value]) => value === 1), 'a scrape of the prober failed');
    return { lost: 'nothing: each is a failed probe', recovery: 'none is needed' };
  },
});

export const proberFaults = (lab: Lab, runtime: Runtime): Fault[] => [
  ...[killed, frozen, stopped].map((outage) => outageFault(lab, runtime, outage)),
  endlessFault(lab, runtime),
];
