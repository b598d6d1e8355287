import type { HostileRequest, ServiceName } from './requests.ts';
import type { Answer } from './wire.ts';

/** What a right answer holds, by what the path begins with. */
const contents: [path: RegExp, service: ServiceName, isRight: (body: string) => boolean][] = [
  [/^\/metrics/i, 'exporter', (body) => /^lab_info\{/m.test(body)],
  [/^\/truth/i, 'exporter', (body) => Array.isArray(JSON.parse(body).instants)],
  [/^\/history/i, 'exporter', (body) => body.endsWith('# EOF\n')],
  [/^\/targets/i, 'exporter', (body) => Array.isArray(JSON.parse(body))],
  [/^\/api\/state/i, 'guide', (body) => JSON.parse(body).services.length === 3],
  [/^\/api\/notifications/i, 'guide', (body) => Array.isArray(JSON.parse(body))],
  [/^\/api\/picture/i, 'guide', (body) => JSON.parse(body).missing.length === 2],
  [/^\/api\/verdict/i, 'guide', (body) => JSON.parse(body).experiment >= 1],
  [/^\/api\/ask/i, 'guide', (body) => JSON.parse(body).kind === 'failed'],
  // No Prometheus answers here: whatever is right in form cannot be judged.
  [/^\/api\/solve/i, 'guide', (body) => JSON.parse(body).kind === 'unknown'],
  [/^\/api\/exercises/i, 'guide', (body) => JSON.parse(body).length > 10],
  [/^\/api\/search/i, 'guide', (body) => Array.isArray(JSON.parse(body).searches)],
  [/^\/prometheus\//i, 'guide', (body) => JSON.parse(body).status === 'error'],
  [/^\/assets\//i, 'guide', (body) => body.length > 0],
  [/^\/(\?|$)/, 'guide', (body) => body.includes('<!doctype html>')],
];

/** A sentence on one line, and nothing of the program's inside. */
const isSentence = (body: string) => /^[^\n]{5,1000}\n$/.test(body) && /[a-z] [a-z]/i.test(body);
const showsInside = (body: string) => /\n\s+at |node_modules|\.ts:\d|file:\/\//.test(body);

/** @returns what is wrong with an answer to a hostile request, or undefined */
export const problemWith = (request: HostileRequest, answer: Answer): string | undefined => {
  if (answer.status === undefined) {
    if (answer.isLate) return 'no answer within 20 s';
    return request.isHttp ? 'the connection was closed without an answer' : undefined;
  }
  const { status, headers, body } = answer;
  if (status >= 500) return `status ${status}: ${body.slice(0, 100)}`;
  if (showsInside(body) && status >= 400) return `the answer shows the program's inside: ${body.slice(0, 200)}`;
  if (headers['x-powered-by']) return 'the framework is named';
  if (!request.isHttp) return undefined;
  if (request.service === 'guide' && !isGuarded(headers)) return 'a security header is missing';
  if (request.method === 'HEAD' || [204, 304].includes(status)) return undefined;
  if (status >= 400) {
    if (!headers['content-type']?.startsWith('text/plain')) return `status ${status} as ${headers['content-type']}`;
    return isSentence(body) ? undefined : `status ${status} without a sentence: ${JSON.stringify(body.slice(0, 200))}`;
  }
  if (![200, 206].includes(status)) return `status ${status}`;
  const content = contents.find(([path, service]) => service === request.service && path.test(request.target));
  if (status === 206 || content === undefined || content[2](body)) return undefined;
  return `a wrong ${status}: ${body.slice(0, 200)}`;
};

/** Scripts from the guide alone, no page around it but its own, no guessed types. */
const isGuarded = (headers: Record<string, string>): boolean => {
  const policy = headers['content-security-policy'] ?? '';
  return (
    headers['x-content-type-options'] === 'nosniff' &&
    policy.includes("default-src 'none'; script-src 'self';") &&
    policy.includes("frame-ancestors 'self'") &&
    !policy.includes('unsafe')
  );
};
