import { type Mark, newest, type Picture, stretches } from '../../lab/model/picture.ts';
import { globalQuerier } from '../../lab/model/sources.ts';
import { plainQuerier, shardsUp, sidecarsOf, targetsOfShards } from './services.ts';

const scraped = 'instances that a shard scrapes';
const strict = 'endpoints of the strict querier';
const plain = 'endpoints of the plain querier';
const dead = 'a shard is down';

/** How much of the fleet is scraped, and which querier misses the rest. */
export const picture: Picture = {
  title: 'A shard is down: one querier misses it, the other forgets it',
  unit: 'count',
  seconds: 300,
  layers: [
    { kind: 'query', name: scraped, colour: 2, expr: `sum(${targetsOfShards})` },
    { kind: 'query', name: strict, colour: 3, expr: `sum(${sidecarsOf(globalQuerier.name)})` },
    { kind: 'query', name: plain, colour: 4, expr: `sum(${sidecarsOf(plainQuerier.name)})` },
    { kind: 'query', name: dead, isHidden: true, expr: `min(${shardsUp}) == 0` },
  ],
  marks: (data) =>
    stretches(data, dead).map((each): Mark => ({ kind: 'band', ...each, name: 'a shard is down', tone: 'alarm' })),
  numbers: (data) =>
    (
      [
        [scraped, 2],
        [strict, 3],
        [plain, 4],
      ] as const
    ).map(([name, colour]) => ({ value: `${newest(data, name) ?? 'no'}`, words: name, colour })),
};
