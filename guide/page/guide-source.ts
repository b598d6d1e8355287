import { type Question, type Source, SourceError } from './source.ts';

/** Longest time that an answer is waited for: a verdict asks several services, each of which may take 10 s. */
const patienceMilliseconds = 60_000;

const failures: Record<string, string> = {
  TimeoutError: `the guide gave no answer within ${patienceMilliseconds / 1_000} s`,
  SyntaxError: 'the answer was cut off, or is not the guide’s',
};

/** The guide of a running lab, which has served this page. */
export const guideSource = (): Source => ({
  state: get('/api/state'),
  picture: (step, seconds) => get('/api/picture', { step, seconds }),
  verdict: (experiment) => get('/api/verdict', { experiment }),
  query: (query) => get('/api/ask', { ...query, at: query.at?.toFixed(3) }),
  exercises: get('/api/exercises'),
  search: get('/api/search'),
  notifications: get('/api/notifications'),
  targets: (of) => get('/api/targets', { of }),
  rules: (of) => get('/api/rules', { of }),
  alerts: get('/api/alerts'),
  judge: (answer) => post('/api/solve', answer),
  incidents: get('/api/incidents'),
  incident: (question) => post('/api/incident', question),
  diagnose: (answer) => post('/api/solve', answer),
  // The guide hands on no flags: none is on.
  complete: async (address, options) =>
    String(address).endsWith('/status/flags')
      ? new Response(JSON.stringify({ status: 'success', data: {} }))
      : fetch(address, options),
});

export const get = <Reply>(
  path: string,
  parameters: Record<string, string | number | undefined> = {},
): Question<Reply> => {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const address = given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
  return { name: address, ask: (signal) => reply(address, { signal }) };
};

const post = <Reply>(path: string, answer: object): Question<Reply> => {
  const body = JSON.stringify(answer);
  const headers = { 'content-type': 'application/json' };
  return { name: `${path} ${body}`, ask: (signal) => reply(path, { method: 'POST', body, headers, signal }) };
};

/** @throws SourceError */
const reply = async <Reply>(address: string, options: RequestInit & { signal: AbortSignal }): Promise<Reply> => {
  try {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(patienceMilliseconds)]);
    const response = await fetch(address, { ...options, signal });
    if (response.ok) return (await response.json()) as Reply;
    throw new SourceError((await response.text()).trim().replace(/\.$/, ''));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(failures[(error as Error).name] ?? 'the guide does not answer');
  }
};
