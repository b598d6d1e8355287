import { type Matcher, matcherText } from '../alertmanager/matcher.ts';
import type { HeldAlert, Silence } from '../model/reader.ts';
import type { Places } from './places.ts';
import { ask, askJson, type Service, unintelligible, whereReached } from './service.ts';

/** Alertmanager's API: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml */
export const alertmanager: Service = { name: 'Alertmanager', of: 'lab' };

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
  const silences = await whereReached(listIn<ApiSilence>(places, 'silences'));
  return silences?.map(silenceOf).sort((one, other) => other.startsAt - one.startsAt);
};

/** An alert as the API has it. */
type ApiAlert = { labels: Record<string, string>; status: { inhibitedBy: string[]; silencedBy: string[] } };

/**
 * Every alert that Alertmanager has for firing, and what holds its notification back.
 * @returns undefined where it does not answer
 * @throws ServiceError where it answers something else
 */
export const alertsIn = async (places: Pick<Places, 'alertmanager'>): Promise<HeldAlert[] | undefined> => {
  const alerts = await whereReached(listIn<ApiAlert>(places, 'alerts'));
  return alerts?.map(({ labels, status: { inhibitedBy, silencedBy } }) => ({
    labels,
    inhibitedBy: inhibitedBy.length,
    silencedBy: silencedBy.length,
  }));
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
