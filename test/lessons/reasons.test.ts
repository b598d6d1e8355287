import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findExercise } from '../../lab/running/exercises.ts';
import { solve } from '../../lab/running/solve.ts';
import { storedHour } from '../../lab/simulator/stored-hour.ts';
import { missing, prometheusWith } from './bounded-prometheus.ts';

/** What is said of a wrong query, beyond the mistakes that an exercise lists: on a real Prometheus with an hour of the base lab. */
const spelling = 'is every name and label value spelt as it is stored?';
const here = 'it is right on this lab as it is now, but';

const wrong: [exercise: string, query: string, reason: string, ...mistakes: string[]][] = [
  // A name that is not stored is named, of an alert as of a number, and is like no listed mistake.
  ['4.2', 'max(cpu_usge - avg(cpu_usage))', `no series is named \`cpu_usge\`, but there is \`cpu_usage\`: ${spelling}`],
  ['4.1', 'avg(processor_load)', `no series is named \`processor_load\`: ${spelling}`],
  ['1.1', 'upp{job="my_app"} == 0', `no series is named \`upp\`: ${spelling}`],
  ['1.1', 'up{job="myapp"} == 0', 'no series of `up` has job="myapp"'],
  ['1.1', 'up{job="myapp"} == 0', 'There are "my_app", "prometheus"'],
  ['6.1', 'min_over_time(cpu_usage_simulatd[10s]) > 80', spelling],
  ['4.1', 'avg(cpu_usage{cpu="1"})', 'no series of `cpu_usage` has a label `cpu`'],
  [
    '4.1',
    'avg(cpu_usage{core="core1", instance="exporter:8001"})',
    'no series of `cpu_usage` has instance="exporter:8001"',
  ],
  // Where every name is stored, emptiness is that of the operators, and like a mistake that does the same alone.
  ['4.2', 'max (cpu_usage - avg( cpu_usage ))', 'its operators leave nothing', 'max(cpu_usage - avg(cpu_usage))'],
  ['4.2', 'max(cpu_usage) > 200', 'its operators leave nothing'],
  ['4.1', 'avg(cpu_usage) / 0', 'its value is wrong'],
  // Another window, in whichever form.
  ['2.1', 'rate(requests_total[2m])', 'it would be right with a window of 1m: yours is 2m'],
  ['2.1', 'rate(requests_total[30s])', 'it would be right with a window of 1m: yours is 30s'],
  ['2.1', 'increase(requests_total[2m]) / 120', 'it would be right with a window of 1m: yours is 2m'],
  ['2.2', 'round(increase(requests_total[300]))', 'it would be right with a window of 10m: yours is 300'],
  ['1.2', '100 * avg_over_time(up{job="my_app"}[1m:5s])', 'it would be right with a window of 2m: yours is 1m'],
  ['5.2', 'increase(cpu_spikes_total[4m])', 'it would be right with a window of 2m: yours is 4m'],
  ['6.1', 'min_over_time(cpu_usage_simulated[20s]) > 80', 'it would be right with a window of 10s: yours is 20s'],
  ['7.1', 'rate(requests_total[5m])', 'it would be right with a window of 1m: yours is 5m'],
  ['7.2', 'rate(requests_total[2m]) - rate(requests_total[2m] offset 10m)', 'a window of 1m: yours is 2m'],
  ['8.2', 'avg_over_time(scrape_duration_seconds{job="my_app"}[2m])', 'a window of 1m: yours is 2m'],
  // Right on this lab alone.
  ['1.1', 'up == 0', `${here} where another target is down it is true, and must not be`],
  ['1.1', 'absent(requests_total)', '', 'absent(cpu_usage_simulated)'],
  ['4.1', 'sum(cpu_usage) / 2', `${here} on a machine with three cores it gives 82.5, and 55 is right`],
  ['4.1', 'quantile(0.5, cpu_usage)', `${here} on a machine with three cores it gives 50, and 55 is right`],
  ['4.2', 'stddev(cpu_usage)', `${here} on a machine with three cores`],
  ['2.1', '(requests_total - requests_total offset 1m) / 60', `${here} where the exporter restarted in the window`],
  ['5.2', 'delta(cpu_spikes_total[2m])', `${here} where the exporter restarted`, 'delta(cpu_spikes_total[2m])'],
  // Mistakes that had no reason.
  ['1.1', 'absent(cpu_usage_simulated)', '', 'absent(cpu_usage_simulated)'],
  [
    '8.1',
    'time() - timestamp(last_over_time(cpu_usage_simulated[5m]))',
    '',
    'time() - timestamp(last_over_time(cpu_usage_simulated[1m]))',
  ],
];

test('a wrong query hears what is wrong with it', { skip: missing }, async (t) => {
  const { lab, series } = storedHour(1_700_100_000, 5);
  const { read } = await prometheusWith(t, series);
  for (const [name, query, reason, ...mistakes] of wrong) {
    await t.test(`${name} ${query}`, async () => {
      const [experiment, number] = name.split('.').map(Number);
      const solution = await solve(findExercise(experiment, number).exercise, query, read, lab);
      assert.equal(solution.kind, 'wrong', JSON.stringify(solution));
      if (solution.kind !== 'wrong') return;
      assert.ok(solution.reason.includes(reason), `${solution.reason} has no ${reason}`);
      assert.deepEqual(
        solution.mistakes.map((each) => each.query),
        mistakes,
      );
    });
  }
});

test('a recorded series is waited for where it is too young, for as long as that takes', {
  skip: missing,
}, async (t) => {
  const { lab, series } = storedHour(1_700_100_000, 5);
  /** Of the first exercise of an experiment, where the rule began so long ago. */
  const judged = async (experiment: number, storedSeconds: number) => {
    const young = series.map(({ labels, samples }) => ({
      labels,
      samples: labels.__name__?.startsWith('instance:')
        ? samples.filter(([at]) => at > lab.now - storedSeconds)
        : samples,
    }));
    const { read } = await prometheusWith(t, young);
    return solve(findExercise(experiment, 1).exercise, 'instance:requests:rate1m', read, lab);
  };
  const soon = await judged(2, 40);
  assert.equal(soon.kind, 'wait');
  assert.match(JSON.stringify(soon), /more of instance:requests:rate1m, which is stored for 3\d s so far/);
  // Two minutes and some scrapes have to lie before the first instant; the next ones are about the same for a minute.
  for (const [storedSeconds, least] of [
    [60, 80],
    [150, 30],
  ] as const) {
    const late = await judged(7, storedSeconds);
    assert.ok(late.kind === 'wait' && late.seconds >= least && late.seconds <= 120, JSON.stringify(late));
  }
});
