import { type SignalName, signalNames } from '../../exporter/src/instance.ts';
import { oneOf, type Setting, wholeNumber } from '../../lab/settings/setting.ts';

/** What the learner can turn. What is undefined is as the lesson has it. */
export type Knobs = {
  signal: Exclude<SignalName, 'calm'> | undefined;
  /** which world it is */
  seed: number;
  scrapeSeconds: number | undefined;
  /** when in its interval a target is scraped, 0 to 1 */
  phase: number;
  /** after which a scrape fails; never later than the next one */
  timeoutSeconds: number | undefined;
  evaluationSeconds: number;
  /** of the range selectors in a lesson's picture */
  windowSeconds: number | undefined;
  /** `for` of every alert */
  forSeconds: number | undefined;
};

export const usualKnobs: Knobs = {
  signal: undefined,
  seed: 1,
  scrapeSeconds: undefined,
  phase: 0.37,
  timeoutSeconds: undefined,
  evaluationSeconds: 5,
  windowSeconds: undefined,
  forSeconds: undefined,
};

type Value = string | number;

/** How a knob is called on the page and in the address, and what it can be; with choices it is a list. */
export type Knob = Setting<Value> & {
  name: string;
  words: string;
  title: string;
  choices?: readonly Value[];
  unit?: string;
};

const oneOfSeconds = (...all: number[]): Pick<Knob, 'choices' | 'unit' | keyof Setting<Value>> => ({
  choices: all,
  unit: ' s',
  expected: `${all.slice(0, -1).join(', ')} or ${all.at(-1)} seconds`,
  parse: (text) => all.find((each) => String(each) === text),
});

/** Every knob, in the order of the page. */
export const knobs: { [Key in keyof Knobs]: Knob } = {
  scrapeSeconds: {
    name: 'scrape',
    words: 'scrape every',
    title: 'How often Prometheus scrapes',
    ...oneOfSeconds(1, 2, 5, 10, 15, 30, 60),
  },
  phase: {
    name: 'phase',
    words: 'phase',
    title: 'When in its interval a target is scraped, as a part of it',
    expected: 'a part of the interval from 0 to 0.95',
    parse: (text) => (/^0(\.\d{1,4})?$/.test(text) && Number(text) <= 0.95 ? Number(text) : undefined),
  },
  timeoutSeconds: {
    name: 'timeout',
    words: 'timeout',
    title: 'After how long a scrape fails; never later than the next one',
    ...oneOfSeconds(1, 2, 5, 10),
  },
  evaluationSeconds: {
    name: 'rules',
    words: 'rules every',
    title: 'How often Prometheus evaluates its rules',
    ...oneOfSeconds(1, 2, 5, 15, 30, 60),
  },
  forSeconds: {
    name: 'for',
    words: 'for',
    title: 'How long the condition of each alert has to hold',
    ...oneOfSeconds(0, 5, 10, 30, 60, 120, 300),
  },
  windowSeconds: {
    name: 'window',
    words: 'window',
    title: 'Of the range selectors in the picture’s queries',
    ...oneOfSeconds(5, 10, 15, 20, 30, 60, 120, 300),
  },
  signal: {
    name: 'signal',
    words: 'signal',
    title: 'What the exporter simulates',
    choices: signalNames,
    ...oneOf(signalNames),
  },
  seed: { name: 'seed', words: 'seed', title: 'Another one is another world', ...wholeNumber(1, 9_999) },
};

export const knobNames = Object.keys(knobs) as (keyof Knobs)[];

/** An expression with another window in each of its range selectors; a subquery keeps its own. */
export const withWindow = (expr: string, windowSeconds: number | undefined): string =>
  windowSeconds === undefined ? expr : expr.replace(/\[(?:\d+(?:ms|[smhdwy]))+\]/g, `[${windowSeconds}s]`);
