import { firstEnginePort } from '../../lab/running/settings.ts';
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

/** Where this machine reaches a service: its published port. */
export const addressOf = ({ port }: Service): string | undefined => port && reached(port.bind, port.published);

const mention = /(?<![\w.-])([a-z][\w-]*):(\d+)(?!\w)/g;
const mentionsIn = (text: string): string[] => [...text.matchAll(mention)].map(([whole]) => whole);

/** Everything that a service is told. */
const textsOf = ({ command, environment }: Service): string[] => [...command, ...Object.values(environment)];

/**
 * Where the services are that overrides bring. A published port is the one that is published; every other one that
 * any service names is the next from ENGINE_PORT on, open on the loopback address alone.
 */
export const placesOf = (project: Project, { ENGINE_PORT }: Settings): Places => {
  const services = Object.values(project);
  const mentioned = new Set(services.flatMap(textsOf).flatMap(mentionsIn));
  const first = Number(ENGINE_PORT || firstEnginePort);
  const places = new Map<string, Listener>();
  let next = first;
  for (const { name: service, port } of services.filter(({ isBrought }) => isBrought)) {
    if (port) places.set(`${service}:${port.target}`, { service, bind: port.bind, port: port.published });
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
 * @param self  the service that is told: its own name is where it listens
 */
export const withAddress = (text: string, project: Project, places: Places, settings: Settings, self = ''): string =>
  text.replace(mention, (whole, name: string, port: string) => {
    const place = places.get(whole);
    if (place) return name === self ? `${place.bind}:${place.port}` : reached(place.bind, place.port);
    const service = project[name];
    if (service?.port) {
      return reached(service.port.bind, service.port.target === Number(port) ? service.port.published : Number(port));
    }
    // Of a service that another step brings, such as the querier.
    const published = service === undefined ? settings[portVariable(name)] : undefined;
    return published ? reached(settings.BIND || loopback, Number(published)) : whole;
  });

/** The same for every value of an environment. */
export const withAddresses = (
  environment: Record<string, string>,
  project: Project,
  places: Places = new Map(),
  settings: Settings = {},
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, withAddress(value, project, places, settings)]),
  );
