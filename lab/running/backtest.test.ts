import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { experiments } from '../../experiments/catalogue.ts';
import { missing } from '../../test/lessons/bounded-prometheus.ts';
import { startShiftsPrometheus } from '../../test/support/shifts.ts';
import { type AlertRule, BacktestError } from '../backtest/evaluate.ts';
import { type Rules, rulesIn } from '../backtest/rules.ts';
import { beginOf, practiceSeeds, scenarios, scoreSeeds } from '../backtest/scenarios.ts';
import { best, type JudgedPage, type Score, type ShiftScore, scoreOf, uselessIn } from '../backtest/score.ts';
import { avoidable, isDuring } from '../backtest/shift.ts';
import { backtest, storeShifts } from './backtest.ts';
import { scoresOf } from './played.ts';

type Started = Awaited<ReturnType<typeof startShiftsPrometheus>>;
type Judged = Score & {
  shifts: readonly ShiftScore[];
  usefulFor: (what: string) => number;
  during: (what: string) => number;
};

/** Each scenario on a Prometheus of its own, with what its rules are worth in the shifts that count. */
const inScenario = (
  name: string,
  tests: (judge: (rule: Omit<AlertRule, 'alert'> | string, seeds?: readonly number[]) => Promise<Judged>) => void,
) =>
  describe(name, { skip: missing }, () => {
    const scenario = scenarios.find((each) => each.name === name)!;
    let prometheus: Started;
    before(async () => {
      prometheus = await startShiftsPrometheus();
      await storeShifts(prometheus.address, scenario);
    });
    after(() => prometheus.stop());
    tests(async (asked, seeds = scoreSeeds) => {
      const rule = typeof asked === 'string' ? scenario.references.find((each) => each.name === asked)! : asked;
      const { expr, ...times } = rule;
      const shifts = await scoresOf(prometheus.read, scenario, [{ alert: 'Tried', expr, ...times }], seeds);
      const count = (is: (page: JudgedPage) => boolean) => shifts.flatMap(({ pages }) => pages).filter(is).length;
      return {
        ...scoreOf(shifts),
        shifts,
        usefulFor: (what) =>
          shifts
            .flatMap(({ incidents }) => incidents)
            .filter((each) => each.event.what === what && each.detectedAfter !== undefined).length,
        during: (what) => count((page) => page.kind !== 'useful' && page.event?.what === what),
      };
    });

    test('what is no alert at all saves nothing', async (t) => {
      const judge = (expr: string) =>
        scoresOf(prometheus.read, scenario, [{ alert: 'Tried', expr }], scoreSeeds).then(scoreOf);
      const incidents = (await judge('vector(1)')).incidents;
      for (const [expr, pages] of [
        ['vector(1)', scoreSeeds.length],
        ['absent(up)', 0],
        ['up > 2', 0],
      ] as const) {
        await t.test(expr, async () => {
          const score = await judge(expr);
          assert.deepEqual([score.saved, score.pages, uselessIn(score), score.missed], [0, pages, pages, incidents]);
        });
      }
    });

    test('who knows when it happened in the shifts to practise on is lost in those that count', async () => {
      const worth = practiceSeeds.flatMap((seed) =>
        scenario
          .shift(seed)
          .events.filter((event) => avoidable(event) >= scenario.worth)
          .map(({ from, until }) => [beginOf(scenario, seed) + from, beginOf(scenario, seed) + until] as const),
      );
      const times = worth.map(([from, until]) => `(vector(time()) >= ${from} < ${until})`).join(' or ');
      const judge = (expr: string, seeds: readonly number[]) =>
        scoresOf(prometheus.read, scenario, [{ alert: 'Tried', expr }], seeds).then(scoreOf);
      const [practice, score] = [await judge(times, practiceSeeds), await judge(times, scoreSeeds)];
      assert.ok(practice.saved > 0.5, `${practice.saved}`);
      assert.deepEqual([score.saved, score.pages, score.missed], [0, 0, score.incidents]);
      // All shifts begin at the same second of the week: what is known by that second alone is true of one of them.
      const second = `vector((time() - ${beginOf(scenario, 1)}) % 604800)`;
      const seconds = worth
        .slice(0, 10)
        .map(
          ([from]) =>
            `(${second} >= ${(from - beginOf(scenario, 1)) % 604_800} < ${((from - beginOf(scenario, 1)) % 604_800) + 60})`,
        );
      const known = await judge(seconds.join(' or '), scoreSeeds);
      assert.ok(known.saved < 0.5 && uselessIn(known) > scoreSeeds.length, JSON.stringify(known));
    });

    test('a better rule exists than any that pages at the first sign', async () => {
      const [rule, least, mostUseless] = {
        errors: [
          {
            expr: 'sum(rate(http_requests_total{code="500"}[20s])) / sum(rate(http_requests_total[20s])) > 0.01 and sum(increase(http_requests_total{code="500"}[20s])) > 2',
            forSeconds: 30,
            keepFiringForSeconds: 60,
          },
          0.6,
          3,
        ],
        disk: [
          {
            expr: 'last_over_time(node_filesystem_avail_bytes[2m]) / last_over_time(node_filesystem_size_bytes[2m]) < 0.065 and predict_linear(node_filesystem_avail_bytes[2m], 120) < 0',
            keepFiringForSeconds: 300,
          },
          0.75,
          0,
        ],
        hosts: [
          { expr: 'last_over_time(inventory_host[20s]) unless on (instance) (up{job="node"} == 1)', forSeconds: 35 },
          0.75,
          0,
        ],
      }[name] as [Omit<AlertRule, 'alert'>, number, number];
      const score = scoreOf(await scoresOf(prometheus.read, scenario, [{ alert: 'Tried', ...rule }], scoreSeeds));
      assert.ok(score.saved > least && uselessIn(score) <= mostUseless, JSON.stringify(score));
      assert.ok(score.saved < best(scenario, scoreSeeds.map(scenario.shift)));
    });

    test('everything that can go wrong names an experiment that exists', () => {
      const slugs = new Set(experiments.map(({ slug }) => slug));
      for (const seed of practiceSeeds) {
        for (const { shownBy, what } of scenario.shift(seed).events)
          assert.ok(slugs.has(shownBy), `${what}: ${shownBy}`);
      }
    });
  });

inScenario('errors', (judge) => {
  test('a threshold sees every burn, and pages for every blip and for single errors of little traffic', async () => {
    const score = await judge('a threshold');
    assert.equal(score.missed, 0);
    assert.ok(score.during('a blip') > 30 && score.during('little traffic') > 10, JSON.stringify(score.useless));
  });
  test('for 30 s leaves the blips out, and costs half a minute of every burn', async () => {
    const [plain, patient] = [await judge('a threshold'), await judge('a threshold for 30 s')];
    assert.ok(patient.during('a blip') < 5 && uselessIn(patient) < uselessIn(plain) / 5);
    assert.ok(patient.saved < plain.saved - 0.1 && patient.detect!.median >= plain.detect!.median + 30);
  });
  test('keep_firing_for leaves repeats out', async () => {
    const [plain, kept] = [await judge('a threshold for 30 s'), await judge('for 30 s, kept firing')];
    assert.ok(plain.useless.repeat > kept.useless.repeat, JSON.stringify([plain.useless, kept.useless]));
  });
  test('a long window alone remembers blips and is late for burns', async () => {
    const [long, patient] = [await judge('a long window alone'), await judge('a threshold for 30 s')];
    assert.ok(long.during('a blip') > 20 && long.missed > 5 && long.saved < patient.saved, JSON.stringify(long));
  });
  test('two windows over 6 % miss the slow burns', async () => {
    const score = await judge('two windows');
    assert.ok(
      score.missed > 10 && score.usefulFor('a slow burn') === 0 && score.usefulFor('a hard burn') > 15,
      JSON.stringify(score),
    );
  });
  test('two pairs see the slow burns, too, and page for more blips', async () => {
    const [one, two] = [await judge('two windows'), await judge('two pairs of windows')];
    assert.ok(two.usefulFor('a slow burn') > 10 && two.saved > one.saved && uselessIn(two) > uselessIn(one));
  });
  test('a count of errors misses what happens at little traffic', async () => {
    const [count, share] = [await judge('a count of errors'), await judge('a threshold')];
    const missed = count.shifts.flatMap(({ seed, incidents }) =>
      incidents
        .filter((each) => each.isWorth && each.detectedAfter === undefined)
        .map(({ event }) => ({ seed, event })),
    );
    assert.ok(missed.length > 2 && share.missed === 0, `${missed.length}`);
    for (const { seed, event } of missed) {
      const lull = scenarios[0]!.shift(seed).events.find(({ what }) => what === 'little traffic')!;
      assert.ok(isDuring(lull, event.from) || isDuring(lull, event.until), `shift ${seed}: ${event.what}`);
    }
  });
  test('the rate of a sum takes a restart, and a failed scrape, for thousands of errors', async () => {
    const score = await judge('sum before rate');
    assert.ok(score.during('a failed scrape') > 20 && score.during('a restart') > 5, JSON.stringify(score.useless));
  });
});

inScenario('disk', (judge) => {
  test('a threshold pages for dips, and twice for a disk that is not scraped for a while', async () => {
    const score = await judge('a threshold');
    assert.ok(
      score.during('a dip under 10 %') >= 35 && score.during('a disk that fills unseen') >= 15 && score.missed === 0,
    );
  });
  test('for 30 s leaves the dips out, and begins again where a scrape fails', async () => {
    const [plain, patient] = [await judge('a threshold'), await judge('a threshold for 30 s')];
    assert.ok(patient.during('a dip under 10 %') === 0 && patient.saved < plain.saved - 0.2, JSON.stringify(patient));
  });
  test('a higher threshold saves all, and pages for each copy and each job', async () => {
    const score = await judge('a higher threshold');
    assert.ok(
      score.saved > 0.99 && score.during('a large copy') >= 15 && score.during('a job that gives its space back') >= 35,
    );
  });
  test('a prediction takes each step and each job for a disk that fills', async () => {
    const score = await judge('a prediction');
    assert.ok(
      score.during('a large copy') >= 15 && score.during('a job that gives its space back') >= 35 && score.missed === 0,
    );
  });
  test('a prediction over a longer window remembers what is over', async () => {
    const [short, long] = [await judge('a prediction'), await judge('a prediction over 5 m')];
    assert.ok(long.useless.false > 5 && short.useless.false === 0 && long.saved < short.saved);
  });
  test('low and predicted leaves out what is high, or does not fall', async () => {
    const [both, predicted] = [await judge('low and predicted'), await judge('a prediction')];
    assert.ok(both.during('a large copy') === 0 && both.during('a disk that is always nearly full') === 0);
    assert.ok(uselessIn(both) < uselessIn(predicted) && both.missed === 0);
  });
});

inScenario('hosts', (judge) => {
  test('up is 0 with a single failed scrape, and with a reboot', async () => {
    const score = await judge('up is 0');
    assert.ok(
      score.during('a failed scrape') > 40 && score.during('a reboot') > 5 && score.missed === 0,
      JSON.stringify(score),
    );
  });
  test('for 30 s misses every host that discovery forgets', async () => {
    const score = await judge('up is 0 for 30 s');
    assert.equal(score.missed, scoreSeeds.length);
    assert.equal(score.usefulFor('a dead host that discovery has forgotten'), 0);
  });
  test('absent() is silent while one host is there', async () => {
    const score = await judge('absent()');
    assert.deepEqual([score.saved, score.pages, score.missed], [0, 0, score.incidents]);
  });
  test('a fixed count is wrong for good once a host is retired', async () => {
    const score = await judge('fewer hosts than usual');
    assert.ok(score.missed > 20 && score.during('a host that was retired') > 5, JSON.stringify(score));
  });
  test('an alert on load resolves when its host dies, and fires for mere peaks', async () => {
    const score = await judge('load alone');
    assert.ok(score.saved === 0 && score.useful === 0 && score.during('a peak of load') >= 15, JSON.stringify(score));
  });
  test('the inventory sees them all, and the longer it waits the fewer pages are in vain', async () => {
    const [at0, at15, at30] = [
      await judge('the inventory'),
      await judge('the inventory, for 15 s'),
      await judge('the inventory, for 30 s'),
    ];
    assert.deepEqual([at0.missed, at15.missed, at30.missed], [0, 0, 0]);
    assert.ok(at0.saved > at15.saved && at15.saved > at30.saved);
    assert.ok(uselessIn(at0) > uselessIn(at15) && uselessIn(at15) > uselessIn(at30));
  });
});

const ruleFile = (expr: string, records = '') =>
  rulesIn(`groups: [{ name: a, rules: [${records}{ alert: A, expr: '${expr}' }] }]`);
const judgedBy = async (rules: Rules, t: { after: (stop: () => Promise<void>) => void }) => {
  const { address, stop } = await startShiftsPrometheus();
  t.after(stop);
  await storeShifts(address, scenarios[0]!);
  return backtest(address, scenarios[0]!, rules);
};

test('recording rules are evaluated first: what is written with them is worth what it is worth without', {
  skip: missing,
}, async (t) => {
  const ratio = 'sum(rate(http_requests_total{code="500"}[20s])) / sum(rate(http_requests_total[20s]))';
  const recorded = await judgedBy(
    ruleFile('job:errors:ratio20s > 0.01', `{ record: 'job:errors:ratio20s', expr: '${ratio}' }, `),
    t,
  );
  const reference = recorded.references.find(({ name }) => name === 'a threshold')!;
  assert.deepEqual(recorded.score, reference.score);
  assert.ok(recorded.score.pages > 100 && recorded.worst.length === 3);
  // Two that see every burn, and page less: none of the others saves as much.
  assert.deepEqual(recorded.beatenBy, []);
});

test('bad rules are refused in a sentence', { skip: missing }, async (t) => {
  const { address, stop } = await startShiftsPrometheus();
  t.after(stop);
  await storeShifts(address, scenarios[0]!);
  const refused: [expr: string, words: RegExp][] = [
    ['up ==', /^Prometheus refuses the expression: .*parse error: unexpected end of input/],
    ['1', /^A is a scalar: a rule needs an expression that returns series/],
    ['up[5m]', /^A is a matrix: a rule needs/],
    ['up / on () up', /^Prometheus refuses the expression: .*many-to-many matching not allowed/],
    [
      'count_values by (instance, code) ("v", http_requests_total + on () group_left () vector(time()))',
      /^A returns \d+ series in half an hour/,
    ],
    ['label_replace(up, "instance", "x", "", "")', /same labelset/],
  ];
  for (const [expr, words] of refused) {
    await assert.rejects(
      backtest(address, scenarios[0]!, { records: [], alerts: [{ alert: 'A', expr }] }),
      (error) => (error instanceof BacktestError && words.test(error.message)) || assert.fail(`${expr}: ${error}`),
    );
  }
});
