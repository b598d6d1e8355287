import { Gauge } from 'prom-client';
import type { Instance } from '../instance.ts';
import { scenario } from '../scenario.ts';
import { boundsOf, type Episode, episode } from '../setting.ts';

/** Of two racks the switch fails; that of the first is up again after a while. */
type Racks = { racks: Episode };

/** Twelve hosts behind each switch that fails, and a host that fails alone, behind one that does not. */
const layout = { a: 12, b: 12, c: 1 } as const;
type Rack = keyof typeof layout;
const names = Object.keys(layout) as Rack[];

/** @returns whether the hosts of a rack cannot be reached */
const isDownAt = (instance: Instance & Racks, rack: Rack, unixSeconds: number): boolean => {
  const { from, to } = boundsOf(instance, instance.racks);
  return unixSeconds >= from && (rack !== 'a' || unixSeconds < to);
};

/** What `/truth` reports of a rack; `to` is null where it stays as it is, `unreachable` has its hosts at each instant. */
type RackTruth = { from: number; to: number | null; hosts: number; switchFails: boolean; unreachable: number[] };

export const racks = scenario({
  settings: {
    racks: {
      variable: 'RACKS',
      expected: 'how long, and how long after the start, each from 1s to 1h, such as 30s@12s',
      parse: episode,
      suchAs: '`30s@12s`',
      simulates:
        '`switch_up{rack}` and `host_reachable{rack,host}`: 12 s after the start the switches of racks a and b fail, and their twelve hosts each cannot be reached; the one of a is up again after 30 s. In rack c a host fails by itself',
    },
  },
  isOfFirst: true,
  simulated: ({ racks }: Partial<Racks>) => racks && 'racks',
  register: ({ registry, instant }, instance) => {
    new Gauge({
      name: 'switch_up',
      help: 'Whether the simulated switch of a rack answers: 1 or 0.',
      labelNames: ['rack'],
      registers: [registry],
      collect() {
        for (const rack of names) this.set({ rack }, rack !== 'c' && isDownAt(instance, rack, instant()) ? 0 : 1);
      },
    });
    new Gauge({
      name: 'host_reachable',
      help: 'Whether a simulated host can be reached by way of the switch of its rack: 1 or 0.',
      labelNames: ['rack', 'host'],
      registers: [registry],
      collect() {
        for (const rack of names) {
          const value = isDownAt(instance, rack, instant()) ? 0 : 1;
          for (let host = 1; host <= layout[rack]; host += 1) this.set({ rack, host: `${rack}${host}` }, value);
        }
      },
    });
  },
  truth: (instance, at) => {
    const { from, to } = boundsOf(instance, instance.racks);
    const truthOf = (rack: Rack): RackTruth => ({
      from,
      to: rack === 'a' ? to : null,
      hosts: layout[rack],
      switchFails: rack !== 'c',
      unreachable: at.map((instant) => (isDownAt(instance, rack, instant) ? layout[rack] : 0)),
    });
    return { racks: { a: truthOf('a'), b: truthOf('b'), c: truthOf('c') } };
  },
  points: () => names.length,
  reports: {
    racks:
      'of each rack since when and until when its `hosts` cannot be reached, whether its switch fails, and how many are `unreachable` at each instant',
  },
});
