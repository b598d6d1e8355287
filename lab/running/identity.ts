import type { Places } from './places.ts';
import { labPrometheus, prometheusApi } from './prometheus.ts';
import { askJson, type Service, ServiceError } from './service.ts';

/**
 * What a service of this lab is known by, where the ports are those of this machine: the name that was made when the
 * lab was started. Each service repeats it in a way of its own. On a network of the lab's own nobody else can answer.
 */
type Identity = string;

/** @throws ServiceError `foreign` where a service of another lab, or of none, answers in its place */
export const requireOwn = (
  { name, of }: Service,
  base: string,
  wanted: Identity | undefined,
  found: Identity | undefined,
): void => {
  if (wanted === undefined || wanted === found) return;
  const { origin } = new URL(base);
  const who = found === undefined ? 'it does not say that it is' : "it is another lab's";
  throw new ServiceError(
    'foreign',
    { of },
    `${name} at ${origin} is not this lab's: ${who}. Something else has the port; make up starts this lab's own again, and says what is in the way`,
  );
};

/**
 * Prometheus says with which configuration it was started, and its folder bears the name.
 * @throws ServiceError as requireOwn(), and where Prometheus does not answer
 */
export const requireOwnPrometheus = async ({
  prometheus,
  labId,
}: Pick<Places, 'prometheus' | 'labId'>): Promise<void> => {
  if (labId === undefined) return;
  const flags = (await prometheusApi(prometheus)('status/flags')) as Record<string, string>;
  const [, found] = /\/lab-config\/([0-9a-f]{16})\/[^/]+$/.exec(flags['config.file'] ?? '') ?? [];
  requireOwn(labPrometheus, prometheus, labId, found);
};

/**
 * The guide judges, and keeps what was solved: another lab's must not.
 * @throws ServiceError as requireOwn(); a guide that does not answer, or is one of before, is left to who asks it
 */
export const requireOwnGuide = async (
  service: Service,
  { guide, labId }: Pick<Places, 'guide' | 'labId'>,
): Promise<void> => {
  if (labId === undefined) return;
  const { lab } = await askJson(service, `${guide}/api/lab`).then(
    (answer) => Object(answer) as { lab?: string },
    (error: unknown) => {
      if (error instanceof ServiceError && error.kind === 'unreachable') return { lab: labId };
      if (error instanceof ServiceError) return {} as { lab?: string };
      throw error;
    },
  );
  requireOwn(service, guide, labId, lab);
};
