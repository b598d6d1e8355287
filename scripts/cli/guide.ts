import type { KeptIncident, Said } from '../../lab/incidents/said.ts';
import type { SearchState } from '../../lab/running/diagnosis.ts';
import { requireOwnGuide } from '../../lab/running/identity.ts';
import type { Places } from '../../lab/running/places.ts';
import { askJson, type Service } from '../../lab/running/service.ts';
import type { Judged, ListedExercise, Unknown } from '../../lab/running/solve.ts';

/** A judgement waits for the lab's answer to some dozens of queries. */
const judgeMilliseconds = 20_000;

/** The guide judges, and keeps what has been solved: so page and terminal say the same. All of it throws ServiceError. */
export const guideAt = (places: Places) => {
  const { guide } = places;
  const service: Service = { name: 'the guide', of: 'lab', probe: `${guide}/healthz` };
  const post = (answer: unknown, path = 'solve') =>
    askJson(service, `${guide}/api/${path}`, judgeMilliseconds, {
      method: 'POST',
      body: JSON.stringify(answer),
      headers: { 'content-type': 'application/json' },
    });
  return {
    incidents: async () =>
      ((await askJson(service, `${guide}/api/incidents`)) as { incidents: KeptIncident[] }).incidents,
    incident: async (question: object) => (await post(question, 'incident')) as Said | Unknown,
    requireOwn: () => requireOwnGuide(service, places),
    exercises: async () => (await askJson(service, `${guide}/api/exercises`)) as ListedExercise[],
    search: async () => (await askJson(service, `${guide}/api/search`)) as SearchState,
    solve: async (answer: { experiment: number; number: number; query: string }) => (await post(answer)) as Judged,
    name: async (answer: { experiment: number; cause: string }) => (await post(answer)) as Said | Unknown,
  };
};

export type Guide = ReturnType<typeof guideAt>;
