import type { Silence } from '../model/reader.ts';
import type { Places } from './places.ts';
import { ask, askJson, type Service, ServiceError, unintelligible } from './service.ts';

/** Alertmanager's API: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export const alertmanager: Service = { name: 'Alertmanager', of: 'lab' };

export type Matcher = { name: string; value: string; isRegex: boolean; isEqual?: boolean };

/** A silence as the API has it. */
export type ApiSilence = {
  id: string;
  comment: string;
  createdBy: string;
  startsAt: string;
  endsAt: string;
  status: { state: 'active' | 'pending' | 'expired' };
  matchers: Matcher[];
};

/** @throws ServiceError */
export const listIn = async <Item>(
  { alertmanager: base }: Pick<Places, 'alertmanager'>,
  path: 'alerts' | 'silences',
): Promise<Item[]> => {
  const url = `${base}/api/v2/${path}`;
  const answer = await askJson(alertmanager, url);
  if (!Array.isArray(answer)) throw unintelligible(alertmanager, url, answer);
  return answer;
};

/** As Alertmanager's own pages and amtool write it, such as `alertname=~"Errors.+"`. */
const matcherText = ({ name, value, isRegex, isEqual = true }: Matcher): string =>
  `${name}${{ truetrue: '=~', truefalse: '=', falsetrue: '!~', falsefalse: '!=' }[`${isEqual}${isRegex}`]}${JSON.stringify(value)}`;

const silenceOf = ({ id, comment, createdBy, startsAt, endsAt, matchers }: ApiSilence): Silence => ({
  id,
  matchers: matchers.map(matcherText).join(', '),
  createdBy,
  comment,
  startsAt: Date.parse(startsAt) / 1_000,
  endsAt: Date.parse(endsAt) / 1_000,
});

/**
 * Every silence that Alertmanager knows, the one that begins last first.
 * @returns undefined where it does not answer
 * @throws ServiceError where it answers something else
 */
export const silencesIn = async (places: Pick<Places, 'alertmanager'>): Promise<Silence[] | undefined> => {
  try {
    const silences = await listIn<ApiSilence>(places, 'silences');
    return silences.map(silenceOf).sort((one, other) => other.startsAt - one.startsAt);
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'unreachable') return undefined;
    throw error;
  }
};

/** @param silence  times in unix seconds; one that has begun already begins now. @throws ServiceError */
export const putSilence = async (
  { alertmanager: base }: Pick<Places, 'alertmanager'>,
  {
    startsAt,
    endsAt,
    ...silence
  }: Pick<Silence, 'createdBy' | 'comment' | 'startsAt' | 'endsAt'> & {
    matchers: Matcher[];
  },
): Promise<void> => {
  const at = (seconds: number) => new Date(1_000 * seconds).toISOString();
  const body = JSON.stringify({ ...silence, startsAt: at(startsAt), endsAt: at(endsAt) });
  const headers = { 'Content-Type': 'application/json' };
  await ask(alertmanager, `${base}/api/v2/silences`, undefined, { method: 'POST', headers, body });
};

/** Ends what somebody has silenced or is going to. @throws ServiceError */
export const endSilencesOf = async (places: Pick<Places, 'alertmanager'>, createdBy: string): Promise<void> => {
  for (const { id, status, ...silence } of await listIn<ApiSilence>(places, 'silences')) {
    if (silence.createdBy !== createdBy || status.state === 'expired') continue;
    await ask(alertmanager, `${places.alertmanager}/api/v2/silence/${id}`, undefined, { method: 'DELETE' });
  }
};
