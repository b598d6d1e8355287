import type { Setting } from '../../lab/settings/setting.ts';
import type { Instance, JobName } from './instance.ts';
import type { Range } from './range.ts';
import type { Scrape } from './scrape.ts';

/** A setting of a scenario: how it is read, and its line in docs/exporter.md. */
type ScenarioSetting<T> = Setting<T> & {
  /** the variable of the environment */
  variable: string;
  /** values to try, as markdown */
  suchAs: string;
  /** what it simulates, as markdown */
  simulates: string;
};

/** One entry of Prometheus' HTTP service discovery. */
export type TargetGroup = { targets: string[]; labels: Record<string, string> };

/** A request that an instance sends by itself, as a batch job does to a Pushgateway. */
export type Push = {
  /** when it is sent, unix seconds */
  at: number;
  method: 'DELETE' | 'POST' | 'PUT';
  url: string;
  contentType?: string;
  body?: string;
};

/** What a page for people is answered with, and how late. */
export type Answer = { status: number; text: string; location?: string; afterSeconds?: number };

/** Where an instance answers by TLS as well, and of whom and between which whole unix seconds its certificate is. */
export type Tls = { host: string; port: number; name: string; from: number; to: number };

/**
 * What an instance can simulate beside the base signals, whole: its settings, its metrics, its truth and its lines in
 * docs/exporter.md. Everything in it is a pure function of the clock, the seed and the start.
 */
export type Scenario<Own extends object, Name extends string, Reported extends object> = {
  /** by the field that each of them becomes */
  settings: { [Key in keyof Own]-?: ScenarioSetting<NonNullable<Own[Key]>> };
  /** true where only the first instance can have it; else a number behind the variable (`LATENCY_2`) means one instance */
  isOfFirst?: boolean;
  /** the first instance that can have it; 1 by default */
  first?: number;
  /** @returns the name under which `/truth` lists it; undefined where the settings do not switch it on */
  simulated: (settings: Partial<Own>) => Name | undefined;
  /** Adds its metrics to the page. */
  register?: (scrape: Scrape, instance: Instance & Own) => void;
  /** how much later a scrape is answered, and within what time Prometheus wants it where its job does not say so, seconds */
  delay?: { seconds: (instance: Instance & Own, unixSeconds: number) => number; timeoutSeconds?: number };
  /** a page of its own, and how Prometheus scrapes it */
  page?: { path: string; text: (unixSeconds: number) => string; targets: (address: string) => TargetGroup[] };
  /** pages that are no metrics, as a browser sees them, and what one of them is answered with at an instant */
  site?: {
    paths: readonly string[];
    answer: (instance: Instance & Own, path: string, unixSeconds: number) => Answer;
  };
  /** a port of its own, where that is asked for */
  tls?: (instance: Instance & Own) => Tls | undefined;
  /** what it sends by itself, in the order of time; may go on without end */
  pushes?: (instance: Instance & Own) => Iterable<Push>;
  /**
   * beside the instances of the fleet, what Prometheus is to scrape, by the scrape job that is to do it
   * @param address  where that job reaches the first instance, such as exporter:8000
   */
  targets?: (instance: Instance & Own, address: string) => Partial<Record<JobName, TargetGroup[]>>;
  /**
   * What `/truth` reports of it, by its key there.
   * @param at  unix seconds: a value for each of them in every array
   */
  truth: (instance: Instance & Own, at: readonly number[], range: Range) => Reported;
  /** @returns how many points one step of the truth holds more */
  points: (settings: Own) => number;
  /** what each key of the truth holds, as markdown */
  reports: { [Key in keyof Reported]: string };
};

/** Helps TypeScript to find the types of a scenario. */
export const scenario = <Own extends object, const Name extends string, Reported extends object>(
  whole: Scenario<Own, Name, Reported>,
): Scenario<Own, Name, Reported> => whole;
