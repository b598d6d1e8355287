import { newest, numberOf, type Picture } from '../../lab/model/picture.ts';
import { lostSamples } from './exercise.ts';
import { connections } from './scrapes.ts';

const truth = 'connections that are open';
const all = 'stored with the label pod';
const left = 'stored without it';
const lost = 'samples lost in each scrape';

/** Two pods on one page: with their label both are stored, without it the first alone. */
export const picture: Picture = {
  title: 'The label is dropped, and with it every pod but the first',
  unit: 'count',
  range: [0, 15],
  layers: [
    { kind: 'truth', name: truth, values: ({ pods }) => pods?.total ?? [] },
    { kind: 'query', name: all, colour: 2, expr: `sum(${connections}{job="my_app"})` },
    { kind: 'query', name: left, colour: 4, expr: `sum(${connections}{job="my_app_labeldrop"})` },
    { kind: 'query', name: lost, isHidden: true, expr: lostSamples },
  ],
  numbers: (data) => [
    ...numberOf(data.layer(truth)?.at(-1)?.[1], String, truth, 1),
    ...numberOf(newest(data, left), String, left, 4),
    ...numberOf(newest(data, lost), String, newest(data, lost) === 1 ? 'sample lost in each scrape' : lost),
  ],
};
