import { activeStep, experiments, steps } from '../../experiments/catalogue.ts';
import { intervalNote } from '../../lab/base/intervals.ts';
import { spikesPicture } from '../../lab/base/spikes.ts';
import type { Lab } from '../../lab/model/lab.ts';
import type { Experiment, Step } from '../../lab/model/lesson.ts';
import type { Reader } from '../../lab/model/reader.ts';
import type { Verdict } from '../../lab/model/verdict.ts';
import type { Applied } from '../../lab/running/applied.ts';
import type { Places } from '../../lab/running/places.ts';
import { ServiceError } from '../../lab/running/service.ts';
import { type suppressionOf, withSuppressions } from '../../lab/running/suppression.ts';
import { whereAnswered } from './answered.ts';
import { type EvidenceQuery, queriesIn } from './ask/evidence.ts';
import type { Refused } from './inbox.ts';
import { type DrawnPicture, drawPicture } from './picture.ts';
import type { Service } from './services.ts';
import { shared } from './shared.ts';
import { beginWith, type ListedStep, listSteps, verdictFor } from './steps.ts';
import { windowsSeconds } from './windows.ts';

/** How the guide reaches the running lab, and the time; a test puts in others. */
export type LabAccess = {
  places: Places;
  observe: () => Promise<Lab>;
  read: Reader;
  /** why an alert is not notified */
  suppression: ReturnType<typeof suppressionOf>;
  askServices: () => Promise<Service[]>;
  hasPages: () => Promise<boolean>;
  /** unix seconds */
  clock: () => number;
};

export type State = {
  now: number;
  services: Service[];
  /** undefined where Prometheus does not answer */
  lab: Lab | undefined;
  /** the command of the step that the lab shows; undefined where that is not known */
  active: string | undefined;
  /** the experiment whose verdict fits that step */
  followed: number;
  steps: ListedStep[];
  /** an alert may link to these only */
  origins: string[];
  grafana: string | undefined;
  /** the command of the lesson to begin with */
  beginWith: string;
};

/** What the page hears every second. */
export type PageState = State & {
  refused?: Refused | undefined;
  /** steps that were applied, the newest last */
  applied: readonly Applied[];
};

export type LiveVerdict = {
  experiment: number;
  at: number;
  verdict: Verdict | { kind: 'unknown'; reason: string };
  /** of each finding: the queries in its evidence */
  queries: EvidenceQuery[][];
};

/** What the page asks of the lab; each measurement is made once a second, however many ask. */
export const createLab = (access: LabAccess) => {
  const { places, read, clock } = access;
  const share = <Result>(measure: () => Promise<Result>) => shared(measure, () => clock() * 1000);
  const observe = share(access.observe);
  let pages = false;

  const state = share(async (): Promise<State> => {
    const [asked, lab] = await Promise.all([access.askServices(), whereAnswered(observe())]);
    if (lab !== undefined) pages ||= await access.hasPages();
    const isWithoutPage = ({ link }: Service) => link === places.browser.prometheus && !pages;
    const services = asked.map((service) => (isWithoutPage(service) ? { ...service, link: undefined } : service));
    // What the exporter simulates is part of every change: where it hangs, nobody knows which is active.
    const step = lab && !lab.exporterIsSilent ? activeStep(lab) : undefined;
    return {
      now: clock(),
      services,
      lab,
      active: step?.command,
      followed: verdictFor(step).number,
      steps: listSteps(places, pages, step).map((each) =>
        each.command === step?.command ? { ...each, ...noted(step, lab) } : each,
      ),
      origins: [places.browser.prometheus, places.browser.alertmanager, places.browser.grafana].filter(
        (origin) => origin !== undefined,
      ),
      grafana: places.browser.grafana,
      beginWith,
    };
  });

  const pictureOf = (step: Step, seconds: number) =>
    share(async (): Promise<DrawnPicture> => {
      const [lab, inbox] = await Promise.all([whereAnswered(observe()), whereAnswered(read.notifications())]);
      const sources = { read, lab, notifications: inbox ?? [] };
      const drawn = await drawPicture(step.picture ?? spikesPicture, sources, clock(), seconds);
      const isActive = lab !== undefined && lab.applied?.step === step.command && activeStep(lab) === step;
      return { ...drawn, appliedAt: isActive ? lab.applied?.to : undefined };
    });
  const pictures = new Map(
    steps.flatMap((step) =>
      windowsSeconds.map((seconds) => [`${step.command} ${seconds}`, pictureOf(step, seconds)] as const),
    ),
  );

  const verdictOf = (experiment: Experiment) =>
    share(async (): Promise<LiveVerdict['verdict']> => {
      try {
        return await withSuppressions(await experiment.check(read, await observe()), access.suppression);
      } catch (error) {
        if (!(error instanceof ServiceError)) console.error(error);
        return { kind: 'unknown', reason: (error as Error).message };
      }
    });
  const verdicts = new Map(experiments.map((experiment) => [experiment.number, verdictOf(experiment)]));

  return {
    state,
    /** @param command  of a step @param seconds  one of windowsSeconds */
    picture: (command: string, seconds: number): Promise<DrawnPicture> => pictures.get(`${command} ${seconds}`)!(),
    /** @param number  of the experiment; by default the one that fits the active step */
    verdict: async (number?: number): Promise<LiveVerdict> => {
      const experiment = number ?? (await state()).followed;
      const verdict = await verdicts.get(experiment)!();
      const findings = verdict.kind === 'measured' ? verdict.findings : [];
      return { experiment, verdict, queries: findings.map(({ evidence }) => queriesIn(evidence)), at: clock() };
    },
  };
};

const noted = (step: Step, lab: Lab | undefined): Pick<ListedStep, 'intervals'> => ({
  intervals: lab && intervalNote(step, lab),
});

export type LabView = ReturnType<typeof createLab>;
