/**
 * The words that this project once had for things that have a name, and the name: a learner will search for it, and has
 * read it in Prometheus' documentation. Matched as whole words, in any case.
 */
export const words: readonly [not: RegExp, but: string][] = [
  [/\b[Tt](?:ells?|old|elling)\b/g, 'reports, exposes, says; of people: is notified'],
  [/\bcarried (?:on )?to\b/gi, 'extrapolated to the window boundaries'],
  [/\bedges?\b/gi, 'bucket boundaries, `le`; of a window: its boundaries'],
  [/\b(?:falls?|fell|fallen|falling)\b/gi, 'drops; of a counter: counter reset'],
  [/\bgrowth\b|\bgrown\b/gi, 'raw increase'],
  [/\bholes?\b/gi, 'gap'],
  [/\bstretch(?:es)?\b/gi, 'time range, window'],
  [/\baway\b/gi, 'down; the time: outage'],
  [/\b(?:is|are) back\b/gi, 'is up again'],
  [/\bgone\b/gi, 'down, absent, stale'],
  [/\blooked at\b|\blooks every\b/gi, 'sampled, scraped'],
  [/\bmessages?\b/gi, 'notification'],
  [/\bborn\b|\bbirth\b/gi, 'initialised, created'],
  [/\bdated\b/gi, 'with a created timestamp'],
  [/\bin force\b/gi, 'active, current'],
  [/\bplay(?:s|ed|ing)?\b/gi, 'simulates'],
  [/\bphenomen(?:on|a)\b/gi, 'scenario'],
  [/\bheal(?:s|ed|ing)?\b|\bcures?\b|\bcured\b/gi, 'fix, fixed; or what it does, such as deduplicated'],
  [/\bacts?\b|\bdone by hand\b/gi, 'manual step, failure injection'],
  [/\bstrangers?\b|\bstrange\b/gi, 'unexpected'],
  [/\bsending\b/gi, 'remote write'],
  [/\b(?:a|the|this|that|each|its) stores?\b|\bstores’|\bstore’s\b/gi, 'remote endpoint'],
  [/\bengines?\b/gi, 'backend; Thanos by its name; of containers: Docker'],
  [/\b(?:no|without) pages\b|\bpages of its own\b/gi, 'web UI'],
  [/\bnobody[’']s\b/gi, 'say whose, or "describes neither"'],
  [/\bsigns\b/gi, 'characters'],
  [/\bprove themselves\b/gi, 'failed'],
];

/** Where such a word is the right one: the text around it as it stands there, and why. */
export const exceptions: readonly [text: string, why: string][] = [
  ['Docker engine', 'Docker calls its daemon so, and its own errors do'],
  ['PromQL engine', 'Prometheus calls what evaluates a query so'],
  ['tab/engine/', 'a folder that is typed'],
  ['PART=growth', 'a part of make bench that is typed'],
  ['of the same message', 'Alertmanager calls what it posts to a webhook a message'],
];
