import { type Mark, newest, type Picture, type PictureNumber } from '../../lab/model/picture.ts';
import { type Module, of, type Phase, probeJob, success } from './probes.ts';

const truth = 'one can buy';
const visitor = 'the module shop';
const status = 'http_2xx';
const targets = 'targets up';
const names: Readonly<Record<Phase, string>> = {
  good: 'good',
  error: 'status 500',
  slow: '3 s late',
  login: 'login page',
  sorry: '“maintenance”, 200',
};

/** What really happened beside what each module says, and the phases of the shop above them. */
export const picture: Picture = {
  title: 'The shop is closed from the first colour on: who says so?',
  unit: 'count',
  range: [0, 1.5],
  layers: [
    { kind: 'truth', name: truth, values: ({ shop }) => shop?.open ?? [] },
    { kind: 'samples', name: visitor, selector: of(success, 'shop') },
    { kind: 'samples', name: status, colour: 3, selector: of(success, 'http_2xx') },
    { kind: 'query', name: targets, expr: `min(up{job="${probeJob}"})`, isHidden: true },
  ],
  marks: ({ truth: reported, from, to }) =>
    (reported?.shop?.phases ?? [])
      .filter((phase) => phase.name !== 'good' && phase.from < to && (phase.to ?? to) > from)
      .map(
        (phase): Mark => ({
          kind: 'band',
          from: Math.max(from, phase.from),
          to: Math.min(to, phase.to ?? to),
          name: names[phase.name],
          tone: phase.name === 'error' || phase.name === 'slow' ? 'alarm' : 'warning',
        }),
      ),
  numbers: (data) => {
    const isUp = newest(data, targets);
    const said = (name: string, module: Module, colour: 2 | 3): PictureNumber => {
      const last = isUp === 1 ? data.layer(name)?.at(-1)?.[1] : undefined;
      return { value: last === undefined ? 'nothing' : String(last), words: `probe_success, ${module}`, colour };
    };
    if (isUp === undefined) return [];
    return [{ value: String(isUp), words: 'up' }, said(status, 'http_2xx', 3), said(visitor, 'shop', 2)];
  },
};
