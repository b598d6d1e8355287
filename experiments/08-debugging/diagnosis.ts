/** What a target's `lastError` means, and where its cause sits; `fault` is the one of faults.ts that it shows. */
export type Cause = { means: string; fault?: string };

/** First match wins. */
const causes: { sign: RegExp; fault?: string; means: (path: string) => string }[] = [
  {
    sign: /HTTP status 404/,
    fault: 'path',
    means: (path) => `the exporter answers, but has no page ${path}: the scrape asks for the wrong path`,
  },
  {
    sign: /HTTP status 401|HTTP status 403/,
    means: () => 'the exporter wants credentials that the scrape does not send',
  },
  { sign: /HTTP status 5\d\d/, means: () => 'the exporter itself fails: read its log' },
  {
    sign: /connection refused/,
    fault: 'port',
    means: () => 'nothing listens on that port: exporter stopped, or the wrong port',
  },
  {
    sign: /HTTP response to HTTPS client/,
    fault: 'scheme',
    means: () => 'the scrape speaks HTTPS to a port that speaks HTTP: the wrong scheme',
  },
  {
    sign: /no such host|server misbehaving|lookup /,
    means: () => 'the name does not resolve: the exporter is down, or its name is misspelt',
  },
  {
    sign: /deadline exceeded|timeout/i,
    fault: 'slow',
    means: () => 'the exporter does not answer within the scrape time-out',
  },
  {
    sign: /Content-Type/i,
    fault: 'content-type',
    means: () => 'the answer is not in a format that Prometheus reads',
  },
  { sign: /malformed HTTP/, means: () => 'what listens on that port is not HTTP: the wrong port' },
  {
    sign: /does not end with # EOF/,
    means: () => 'the answer is not complete: it says that it is OpenMetrics, and OpenMetrics ends with a line # EOF',
  },
  { sign: /(^|[: ])EOF$|reset by peer/, means: () => 'the exporter breaks the connection off' },
  { sign: /expected|invalid|unsupported|parse/i, means: () => 'the answer is not valid exposition text' },
];

/**
 * Names the fault behind a failed scrape from Prometheus' own words.
 * @param lastError  of /api/v1/targets
 * @param scrapeUrl  of the same target
 * @returns undefined where the list does not know the cause
 */
export const diagnose = (lastError: string, scrapeUrl: string): Cause | undefined => {
  const path = URL.canParse(scrapeUrl) ? new URL(scrapeUrl).pathname : scrapeUrl;
  // Its URL may hold any of these words.
  const words = lastError.replaceAll(/"[a-z]+:\/\/[^"]*"/g, '');
  const found = causes.find(({ sign }) => sign.test(words));
  return found && { means: found.means(path), ...(found.fault && { fault: found.fault }) };
};

/** Known names nearest to a name that does not exist, by the bigrams they share. */
export const nearestNames = (name: string, known: readonly string[], most = 3): string[] => {
  const bigrams = (text: string) => new Set(Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)));
  const wanted = bigrams(name);
  const likeness = (other: string) => {
    const theirs = bigrams(other);
    const shared = [...wanted].filter((pair) => theirs.has(pair)).length;
    return (2 * shared) / (wanted.size + theirs.size);
  };
  return known
    .map((other) => ({ other, like: likeness(other) }))
    .filter(({ like }) => like > 0.5)
    .sort((one, two) => two.like - one.like)
    .slice(0, most)
    .map(({ other }) => other);
};
