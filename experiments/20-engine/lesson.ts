import { isSentTo } from '../../lab/evidence/remote-endpoint.ts';
import { behind, refused, sendingPanels, waiting } from '../../lab/evidence/remote-write.ts';
import type { Lesson } from '../../lab/model/lesson.ts';
import { cpu } from '../../lab/model/metrics.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import { exercises } from './exercise.ts';
import { eachUp, entry, noQuorum, receiversUp } from './nodes.ts';
import { picture } from './picture.ts';
import { check } from './verdict.ts';

export const lesson: Lesson = {
  title: 'An engine of three',
  chapter: 'Beyond one Prometheus',
  minutes: 15,
  question: 'Three receivers keep each sample three times. What do you lose when one dies, and what when two do?',
  change: 'own',
  requires: 'thanos',
  memoryMegabytes: 350,
  layer: 'storage',
  changes: 'Prometheus sends to three receivers that keep a copy each, and a querier asks all of them',
  matters: 'copies are for who reads all of them: each by itself keeps the hole of its own absence',
  todo: [
    'Graph how many receivers answer, beside the samples in the queue.',
    'Ask the querier for one receiver alone, by its label.',
  ],
  acts: [
    [{ do: 'kill', service: 'receive-2', says: 'one of three dies: two are enough.' }],
    [
      {
        do: 'kill',
        service: 'receive-3',
        says: 'one of three is left: nothing is written any more, and nothing is given up.',
      },
    ],
    [
      { do: 'start', service: 'receive-3', says: 'two again: what waited is written.' },
      { do: 'start', service: 'receive-2', afterSeconds: 20, says: 'nobody gives it what it missed.' },
    ],
  ],
  queries: [
    { expr: receiversUp, read: 'how many of three answer: with two writes go on', noValue: 'at rest' },
    { expr: noQuorum, read: 'empty while two answer: the alert for writes that wait', noValue: 'on purpose' },
    {
      expr: `count_over_time(${cpu}[10m])`,
      of: globalQuerier.name,
      read: 'one series, of all receivers together: whole, whichever is away',
      noValue: 'at rest',
    },
    {
      expr: `count_over_time(${cpu}{receive="receive-2"}[10m])`,
      of: globalQuerier.name,
      read: 'receive-2 alone: what it missed stays missing',
      noValue: 'at rest',
    },
    { expr: waiting, read: 'samples in the queue of Prometheus: it fills once two are away', noValue: 'at rest' },
    { expr: behind, read: 'seconds since the newest sample that two of three have', noValue: 'at rest' },
    { expr: refused, read: '0, whatever happens: a write without a quorum is tried again', noValue: 'at rest' },
  ],
  sources: [globalQuerier],
  expect:
    'One killed: no answer changes, and writes go on. Two killed: writes wait in Prometheus, and nothing fails. Both back: every answer is whole; asked alone, the one that left first has a hole.',
  insight:
    'With three copies one may die; with two dead, writes wait. A receiver that comes back gets nothing of what it missed: keep asking all of them, and watch how many there are.',
  lookBack: '5m',
  panels: [
    {
      title: 'Which receivers answer',
      kind: 'timeline',
      targets: [
        { expr: `${eachUp} == 1`, legend: 'up', colour: 'green' },
        { expr: `${eachUp} == 0`, legend: 'down', colour: 'red' },
      ],
      unit: 'state',
      width: 24,
      height: 7,
    },
    ...sendingPanels({ fillsOnce: 'two of three are away', receiver: 'engine' }),
  ],
  picture,
  exercises,
  // By way of the base: no Prometheus before it sends to this engine.
  precondition: 'scraped',
  inForce: (lab) => isSentTo(entry, lab),
  check,
};
