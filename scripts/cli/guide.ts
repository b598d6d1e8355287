import type { Named, SearchState } from '../../lab/running/diagnosis.ts';
import { requireOwnGuide } from '../../lab/running/identity.ts';
import type { Places } from '../../lab/running/places.ts';
import { askJson, type Service } from '../../lab/running/service.ts';
import type { Judged, ListedExercise } from '../../lab/running/solve.ts';

/** A judgement waits for the lab's answer to some dozens of queries. */
const judgeMilliseconds = 20_000;

/** The guide judges, and keeps what has been solved: so page and terminal say the same. All of it throws ServiceError. */
export const guideAt = (places: Places) => {
  const { guide } = places;
  const service: Service = { name: 'the guide', of: 'lab', probe: `${guide}/healthz` };
  const post = (answer: unknown) =>
    askJson(service, `${guide}/api/solve`, judgeMilliseconds, {
      method: 'POST',
      body: JSON.stringify(answer),
      headers: { 'content-type': 'application/json' },
    });
  return {
    requireOwn: () => requireOwnGuide(service, places),
    exercises: async () => (await askJson(service, `${guide}/api/exercises`)) as ListedExercise[],
    search: async () => (await askJson(service, `${guide}/api/search`)) as SearchState,
    solve: async (answer: { experiment: number; number: number; query: string }) => (await post(answer)) as Judged,
    name: async (answer: { experiment: number; cause: string }) => (await post(answer)) as Named,
  };
};

export type Guide = ReturnType<typeof guideAt>;
