import assert from 'node:assert/strict';
import { seconds } from '../../lab/model/format.ts';
import { make, tryMake } from '../support/commands.ts';
import type { Lab } from '../support/lab.ts';
import type { Runtime } from '../support/runtime.ts';
import { until } from '../support/until.ts';
import type { Fault } from './fault.ts';
import {
  deadJob,
  gateway,
  gatewayAt,
  groupsBefore,
  groupsStored,
  jobsBegin,
  type Run,
  untilStored,
  up,
} from './jobs.ts';
import { frozen, killed, type Outage, stopped, untilUp } from './outage.ts';
import { gapIn } from './stored.ts';

/** The Pushgateway does not answer while a job pushes: what was stored stays, and each push that is lost is said. */

const check = deadJob.command.replace('exp', 'check');

/** A request is sent again for so long, and then said to be lost. */
const patienceSeconds = 5;

/** Waits until the runs that succeed are stored; the step begins anew where the one that fails is too near. */
const beforeTheLast = async (lab: Lab): Promise<Run> => {
  for (let tries = 0; tries < 3; tries += 1) {
    const runs = await jobsBegin(lab);
    const last = runs.at(-1)!;
    await untilStored(lab, runs.at(-2)!.at);
    if (lab.now() < last.at - 3) return last;
  }
  throw new Error('three times the jobs were over before a scrape of what they push');
};

/** What the exporter says of the pushes that it has given up. */
const lostIn = (log: string): string[] =>
  [...log.matchAll(/^exporter: (\w+) \S+\/metrics\/job\/(\w+): (.*)$/gm)].map(
    ([, method, job, because]) => `${method} ${job}: ${because}`,
  );

const because = new Map([
  [frozen, /no answer within 5 s/],
  [stopped, /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/],
]);

const silenceFault = (lab: Lab, runtime: Runtime, outage: Outage): Fault => ({
  name: `${outage.name} the Pushgateway while a job pushes`,
  run: async () => {
    const failing = await beforeTheLast(lab);
    const { cut, before } = await groupsBefore(lab);
    const silentAt = lab.now();
    await outage.begin(gateway, runtime);
    await untilUp(lab, up, 0, silentAt);
    const lost = await until('the exporter to say what is lost', 60, async () => {
      const found = lostIn(await runtime.log('exporter'));
      return lab.now() > failing.at + patienceSeconds && found.length >= 2 && found;
    });
    // Both groups of the run that fails, and nothing else.
    assert.deepEqual(lost.map((each) => each.split(':')[0]).sort(), ['POST nightly_post', 'PUT nightly']);
    for (const each of lost) assert.match(each, because.get(outage)!);
    const measured = await tryMake(check);
    assert.equal(measured.code, 2, measured.output);
    assert.match(measured.output, /the Pushgateway did not answer the scrape of \d\d:\d\d:\d\d/);

    const verb = outage.end(runtime)!;
    await make(verb, { SERVICE: gateway });
    const againAt = lab.now();
    const recoverySeconds = (await untilUp(lab, up, 1, againAt)) - againAt;
    assert.deepEqual(await groupsStored(lab, cut - 60, cut), before, 'what had been stored');
    assert.ok(gapIn(await lab.stored(silentAt - 12, lab.now()), 5).missed <= 0, 'a scrape of the exporter is missing');
    await jobsBegin(lab);
    await make(check);
    return {
      lost: 'both pushes of the run that fails, which the exporter names',
      recovery: `${seconds(recoverySeconds)} after make ${verb}`,
    };
  },
});

const killFault = (lab: Lab, runtime: Runtime): Fault => ({
  name: 'kill -9 of the Pushgateway',
  run: async () => {
    const runs = await jobsBegin(lab);
    // The check waits for all of its story.
    await make(check);
    await untilStored(lab, runs.at(-1)!.at);
    const { cut, before } = await groupsBefore(lab);
    assert.ok((await (await gatewayAt(runtime)).groups()).length >= 4);
    const killedAt = lab.now();
    await killed.begin(gateway, runtime);
    const verb = killed.end(runtime);
    if (verb !== undefined) {
      await untilUp(lab, up, 0, killedAt);
      await make(verb, { SERVICE: gateway });
    }
    const againAt = lab.now();
    const recoverySeconds = (await untilUp(lab, up, 1, againAt)) - againAt;
    assert.deepEqual(
      await (await gatewayAt(runtime)).groups(),
      [],
      'it keeps nothing, and says so in pushgateway/service.yaml',
    );
    assert.deepEqual(await groupsStored(lab, cut - 60, cut), before, 'what had been stored');
    // What is told of the jobs ends with the Pushgateway that they pushed to.
    await make(check);
    const by = verb === undefined ? 'by itself' : `after make ${verb}`;
    return { lost: 'all groups that it held; nothing that was stored', recovery: `${seconds(recoverySeconds)} ${by}` };
  },
});

export const gatewayKillFaults = (lab: Lab, runtime: Runtime): Fault[] => [
  killFault(lab, runtime),
  ...[frozen, stopped].map((outage) => silenceFault(lab, runtime, outage)),
];
