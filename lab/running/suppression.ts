import { matchesAll } from '../alertmanager/matcher.ts';
import { clock } from '../model/format.ts';
import type { Reader } from '../model/reader.ts';
import { isClaim, type Verdict } from '../model/verdict.ts';
import type { Places } from './places.ts';
import { ServiceError } from './service.ts';
import { type ApiSilence, listIn } from './silences.ts';

type Alert = { fingerprint: string; labels: Record<string, string>; status: { inhibitedBy: string[] } };

/** A silence that ended longer ago than this is of no alert that a check still looks at. */
const lookBackSeconds = 3_600;

const silenceWords = ({ id, comment, createdBy, endsAt, status }: ApiSilence): string => {
  const end = `${endsAt.slice(0, 10)} ${clock(Date.parse(endsAt) / 1000)} UTC`;
  const until = status.state === 'active' ? `it ends ${end}` : `it ended ${end}`;
  return `silence ${id} in Alertmanager ("${comment}", by ${createdBy}, ${until})`;
};

/**
 * What keeps Alertmanager from notifying of an alert: a silence, an inhibition, or that it is down.
 * @param read  says which labels the alert had in the last hour
 * @returns a function of the alert's name that gives the reason in words; undefined where it knows of none
 */
export const suppressionOf =
  (places: Pick<Places, 'alertmanager'>, read: Pick<Reader, 'query'>, now: () => number) =>
  async (alertname: string): Promise<string | undefined> => {
    try {
      const [alerts, silences] = await Promise.all([
        listIn<Alert>(places, 'alerts'),
        listIn<ApiSilence>(places, 'silences'),
      ]);
      const known = await read.query(`last_over_time(ALERTS{alertname="${alertname}"}[1h])`);
      const named = alerts.filter(({ labels }) => labels.alertname === alertname);
      const labelled = [{ labels: { alertname } }, ...named, ...known];
      const silence = silences
        .filter(
          ({ status, endsAt }) => status.state !== 'pending' && Date.parse(endsAt) / 1000 > now() - lookBackSeconds,
        )
        .sort((one, other) => Date.parse(other.endsAt) - Date.parse(one.endsAt))
        .find((each) => labelled.some(({ labels }) => matchesAll(each.matchers, labels)));
      if (silence) return `${silenceWords(silence)} holds ${alertname} back`;
      const inhibitedBy = named.flatMap(({ status }) => status.inhibitedBy)[0];
      if (inhibitedBy === undefined) return undefined;
      const by = alerts.find(({ fingerprint }) => fingerprint === inhibitedBy)?.labels.alertname ?? inhibitedBy;
      return `the inhibition in Alertmanager: while ${by} fires, ${alertname} is not notified`;
    } catch (error) {
      if (error instanceof ServiceError) return error.message;
      throw error;
    }
  };

/** What a check says, with the reason where a notification that it counts did not come. */
export const withSuppressions = async (
  verdict: Verdict,
  suppression: ReturnType<typeof suppressionOf>,
): Promise<Verdict> => {
  if (verdict.kind !== 'measured') return verdict;
  const findings = verdict.findings.map(async (finding) => {
    if (!isClaim(finding) || finding.holds) return finding;
    const reasons = (await Promise.all((finding.notifies ?? []).map(suppression))).filter((each) => each !== undefined);
    return reasons.length === 0 ? finding : { ...finding, look: [...new Set(reasons)].join('; ') };
  });
  return { ...verdict, findings: await Promise.all(findings) };
};
