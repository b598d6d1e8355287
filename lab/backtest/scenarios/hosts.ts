import { noise } from '../../chance/noise.ts';
import {
  harmless,
  isDuring,
  type Scenario,
  type Shift,
  type ShiftEvent,
  scraped,
  scrapeSeconds,
  shiftSeconds,
  shuffled,
  wholeWithin,
  within,
} from '../shift.ts';

const job = 'node';
const inventory = { job: 'inventory', instance: 'inventory:9000' };
const count = 8;

type Span = { from: number; until: number };

/** What a host goes through in a shift. */
type Course = {
  dead?: Span;
  /** service discovery forgets it a few seconds after its death: there is no `up` of it, either */
  forgotten?: boolean;
  /** it is taken out of service: discovery and inventory no longer list it */
  retiredAt?: number;
  overload?: Span & { load: number };
  events: readonly Omit<ShiftEvent, 'labels'>[];
};

const death = (what: string, shownBy: string, dead: Span): Omit<ShiftEvent, 'labels'> => ({
  what,
  shownBy,
  ...dead,
  damage: Array.from({ length: dead.until - dead.from }, () => 1),
});

/** Discovery lists a dead host for so long. */
const rememberedSeconds = 12;

const shift = (seed: number): Shift => {
  let drawn = 0;
  const draw = () => noise(seed, 400, drawn++);
  const span = (least: number, most: number): Span => {
    const length = wholeWithin(draw, least, most);
    const from = wholeWithin(draw, 60, shiftSeconds - length - 30);
    return { from, until: from + length };
  };
  const dead = span(180, 360);
  const forgotten = span(240, 360);
  const overloaded = span(150, 240);
  const overload = { from: overloaded.from - wholeWithin(draw, 25, 50), until: overloaded.from };
  const peak = span(40, 60);
  const reboot = span(20, 35);
  const retiredAt = wholeWithin(draw, 60, shiftSeconds - 200);
  const courses: Course[] = shuffled<Course>(draw, [
    { dead, events: [death('a dead host', 'missing-data', dead)] },
    {
      dead: forgotten,
      forgotten: true,
      events: [death('a dead host that discovery has forgotten', 'missing-data', forgotten)],
    },
    {
      dead: overloaded,
      overload: { ...overload, load: within(draw, 12, 20) },
      events: [death('a host that died of its load', 'alerting', overloaded)],
    },
    {
      overload: { ...peak, load: within(draw, 12, 18) },
      events: [harmless('a peak of load', [peak.from, peak.until], 'flapping')],
    },
    { dead: reboot, events: [death('a reboot', 'flapping', reboot)] },
    { retiredAt, events: [harmless('a host that was retired', [retiredAt, shiftSeconds], 'missing-data')] },
    { events: [] },
    { events: [] },
  ]);
  const failed = Array.from({ length: 3 }, () => ({
    host: wholeWithin(draw, 0, count - 1),
    at: scrapeSeconds * wholeWithin(draw, 2, shiftSeconds / scrapeSeconds - 2),
  }));
  const gapFrom = wholeWithin(draw, 60, shiftSeconds - 60);
  const gap = { from: gapFrom, until: gapFrom + wholeWithin(draw, 8, 15) };

  const made = courses.map((course, index) => {
    const labels = { job, instance: `host-${index + 1}:9100` };
    const isDead = (at: number) => course.dead !== undefined && isDuring(course.dead, at);
    const isRetired = (at: number) => course.retiredAt !== undefined && at >= course.retiredAt;
    const isListed = (at: number) =>
      !isRetired(at) && !(course.forgotten && isDead(at) && at >= course.dead!.from + rememberedSeconds);
    const isUp = (at: number) => !isDead(at) && !failed.some((each) => each.host === index && each.at === at);
    const load = (at: number) => {
      const usual = 0.5 + noise(seed, 410 + index, at);
      return course.overload && isDuring(course.overload, at) ? course.overload.load + usual : usual;
    };
    return {
      series: [
        scraped({ __name__: 'up', ...labels }, (at) => (isListed(at) ? Number(isUp(at)) : undefined)),
        scraped({ __name__: 'node_load1', ...labels }, (at) =>
          isListed(at) && isUp(at) ? Number(load(at).toFixed(2)) : undefined,
        ),
        scraped({ __name__: 'inventory_host', job: inventory.job, instance: labels.instance }, (at) =>
          isDuring(gap, at) || isRetired(at) ? undefined : 1,
        ),
      ],
      // An alert on the inventory is about the same host, and has its job.
      events: course.events.map((event) => ({ ...event, labels: { instance: labels.instance } })),
    };
  });
  const events = [
    ...made.flatMap((each) => each.events),
    harmless('a gap in the inventory', [gap.from, gap.until], 'missing-data'),
    ...failed.map(({ host, at }) =>
      harmless('a failed scrape', [at, at + scrapeSeconds], 'missing-data', { instance: `host-${host + 1}:9100` }),
    ),
  ];
  return {
    seed,
    series: [
      ...made.flatMap(({ series }) => series),
      scraped({ __name__: 'up', ...inventory }, (at) => Number(!isDuring(gap, at))),
    ],
    events: events.sort((one, other) => one.from - other.from),
  };
};

const down = `up{job="${job}"} == 0`;
const missing = `inventory_host unless on (instance) (up{job="${job}"} == 1)`;

export const hosts: Scenario = {
  name: 'hosts',
  title: 'Hosts that die',
  deserves:
    'an incident is a time in which a host is dead, and its damage is those seconds. It deserves a page where 30 of them can be avoided. A host that was retired is not dead: the inventory no longer lists it',
  metrics: [
    '`up{job, instance}`',
    '`node_load1{job, instance}`, a gauge',
    '`inventory_host{job, instance}`, 1 for each host that should be there',
  ],
  unit: 'seconds dead',
  worth: 30,
  references: [
    { name: 'up is 0', expr: down },
    { name: 'up is 0 for 30 s', expr: down, forSeconds: 30 },
    { name: 'absent()', expr: `absent(up{job="${job}"})` },
    { name: 'fewer hosts than usual', expr: `count(up{job="${job}"} == 1) < ${count}` },
    { name: 'load alone', expr: 'node_load1 > 10', forSeconds: 15 },
    { name: 'the inventory', expr: missing },
    { name: 'the inventory, for 15 s', expr: missing, forSeconds: 15 },
    { name: 'the inventory, for 30 s', expr: missing, forSeconds: 30 },
  ],
  shift,
};
