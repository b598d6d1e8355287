import { firstAddedPort } from '../../lab/running/settings.ts';
import type { Project, Service, Settings } from './compose.ts';

/** An address that a service listens on. */
export type Listener = {
  service: string;
  bind: string;
  port: number;
  /** how many ports after the published one; 0 by default */
  offset?: number;
  /** what sets it, where that is no variable of the service's own */
  setBy?: string;
};

/** By SERVICE:PORT, as the compose files name it, where this machine has it. */
export type Places = ReadonlyMap<string, Listener>;

/** The variable that sets a service's published port. */
export const portVariable = (service: string): string => `${service.replaceAll('-', '_').toUpperCase()}_PORT`;

const loopback = '127.0.0.1';

/** Where this machine reaches what listens on an address. */
export const reached = (bind: string, port: number): string => `${bind === '0.0.0.0' ? loopback : bind}:${port}`;

const mention = /(?<![\w.-])([a-z][\w-]*):(\d+)(?!\w)/g;
const mentionsIn = (text: string): string[] => [...text.matchAll(mention)].map(([whole]) => whole);

/** Everything that a service gets. */
const textsOf = ({ command, environment }: Service): string[] => [...command, ...Object.values(environment)];

/** How many ports a service publishes, one after the other. A wrong number is the exporter's to refuse. */
const instancesOf = ({ INSTANCES = '' }: Record<string, string>): number =>
  /^([1-9]|1[0-2])$/.test(INSTANCES) ? Number(INSTANCES) : 1;

/**
 * Where the services are. A published port is the one that is published, and those of a fleet come right after it;
 * every other one that any service names is the next from ENGINE_PORT on, open on the loopback address alone.
 */
export const placesOf = (project: Project, { ENGINE_PORT }: Settings): Places => {
  const services = Object.values(project);
  const mentioned = new Set(services.flatMap(textsOf).flatMap(mentionsIn));
  const first = Number(ENGINE_PORT || firstAddedPort);
  const places = new Map<string, Listener>();
  let next = first;
  for (const { name: service, port, environment } of services) {
    for (let offset = 0; port && offset < instancesOf(environment); offset += 1) {
      const { bind, published, target } = port;
      places.set(`${service}:${target + offset}`, { service, bind, port: published + offset, offset });
    }
    const others = [...mentioned].filter((each) => each.startsWith(`${service}:`) && !places.has(each));
    for (const place of others.sort()) {
      const setBy = next === first ? 'ENGINE_PORT' : `ENGINE_PORT + ${next - first}`;
      places.set(place, { service, bind: loopback, port: next, setBy });
      next += 1;
    }
  }
  return places;
};

/**
 * Replaces each SERVICE:PORT in a text by its address: there is no network of the lab's own here.
 * @param self  the service that gets it: its own name is where it listens
 */
export const withAddress = (text: string, places: Places, settings: Settings, self = ''): string =>
  text.replace(mention, (whole, name: string) => {
    const place = places.get(whole);
    if (place) return name === self ? `${place.bind}:${place.port}` : reached(place.bind, place.port);
    // Of a service that another step brings, such as the querier.
    const published = settings[portVariable(name)];
    return published ? reached(settings.BIND || loopback, Number(published)) : whole;
  });

/** The same for every value of an environment. */
export const withAddresses = (
  environment: Record<string, string>,
  places: Places,
  settings: Settings = {},
): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, withAddress(value, places, settings)]));
