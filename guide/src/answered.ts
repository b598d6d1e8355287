import { ServiceError } from '../../lab/running/service.ts';

/** Nothing within this time counts as no answer: the page has to say so, not wait. */
const patienceMilliseconds = 2_000;

/** Of it for the exporter: one that hangs must not keep from the page what Prometheus knows. */
export const exporterMilliseconds = 1_500;

/** @returns what a service answers; undefined where it does not, or not in time */
export const whereAnswered = async <Result>(answer: Promise<Result>): Promise<Result | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, patienceMilliseconds, undefined);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    if (!(error instanceof ServiceError)) console.error(error);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
};
