import { type Matcher, parseMatcher } from '../alertmanager/matcher.ts';
import type { Grouping, InhibitRule } from '../alertmanager/routing.ts';
import type { WrittenRouting } from '../model/exercise.ts';
import { durationSeconds } from '../settings/duration.ts';

/** What cannot be read. The words are Alertmanager's, where it has some for that; a test compares them with amtool's. */
class Refused extends Error {}

/**
 * Reads what a learner has written of alertmanager.yml: `route` with `group_by`, `group_wait` and `group_interval`, and
 * `inhibit_rules`.
 */
export const readRouting = async (text: string): Promise<WrittenRouting | { refused: string }> => {
  // Only who writes one needs it, and it is larger than the rest of what judges.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { refused: `yaml: ${error.message.split('\n')[0]!.replace(/:$/, '')}` };
  try {
    return routingIn(document.toJS());
  } catch (thrown) {
    if (thrown instanceof Refused) return { refused: thrown.message };
    throw thrown;
  }
};

type Fields = Record<string, unknown>;

/** @param type  as Alertmanager calls what has these fields */
const fieldsOf = (value: unknown, type: string, known: readonly string[]): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refused(`cannot unmarshal ${JSON.stringify(value)} into ${type}: it must hold ${known.join(', ')}`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Refused(`field ${unknown} not found in type ${type}: here it may hold ${known.join(', ')}`);
  return value as Fields;
};

const listOf = (value: unknown, name: string): string[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((each) => typeof each === 'object'))
    throw new Refused(`cannot unmarshal ${JSON.stringify(value)} into []string: ${name} must be a list of texts`);
  return value.map(String);
};

const routingIn = (content: unknown): WrittenRouting => {
  const { route, inhibit_rules: rules } = fieldsOf(content, 'config.plain', ['route', 'inhibit_rules']);
  if (route === undefined || route === null) throw new Refused('no routes provided');
  if (rules !== undefined && rules !== null && !Array.isArray(rules))
    throw new Refused('cannot unmarshal into []config.InhibitRule: inhibit_rules must be a list');
  return { route: groupingIn(route), inhibitRules: ((rules as unknown[] | null | undefined) ?? []).map(inhibitRuleIn) };
};

const secondsIn = (value: unknown): number => {
  const seconds = durationSeconds(String(value));
  if (seconds === undefined && String(value) !== '0')
    throw new Refused(`not a valid duration string: "${value}": such as 30s or 2m`);
  return seconds ?? 0;
};

const groupingIn = (content: unknown): Partial<Grouping> => {
  const known = ['group_by', 'group_wait', 'group_interval'];
  const { group_by: by, group_wait: wait, group_interval: interval } = fieldsOf(content, 'config.plain', known);
  const labels = listOf(by, 'group_by');
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) throw new Refused(`duplicated label "${twice}" in group_by`);
  if (labels.includes('...') && labels.length > 1)
    throw new Refused('cannot have wildcard group_by (`...`) and other labels at the same time');
  const wrong = labels.find((label) => label !== '...' && !/^[a-zA-Z_]\w*$/.test(label));
  if (wrong !== undefined) throw new Refused(`invalid label name "${wrong}" in group_by list`);
  const intervalSeconds = interval === undefined ? undefined : secondsIn(interval);
  if (intervalSeconds === 0) throw new Refused('group_interval cannot be zero');
  return {
    ...(by !== undefined && { groupBy: labels.includes('...') ? 'all' : labels }),
    ...(wait !== undefined && { waitSeconds: secondsIn(wait) }),
    ...(intervalSeconds !== undefined && { intervalSeconds }),
  };
};

const matchersIn = (value: unknown, name: string): Matcher[] =>
  listOf(value, name).map((text) => {
    const matcher = parseMatcher(text);
    if (matcher === undefined) throw new Refused(`bad matcher format: ${text}: such as alertname="SwitchDown"`);
    return matcher;
  });

const inhibitRuleIn = (content: unknown): InhibitRule => {
  const known = ['source_matchers', 'target_matchers', 'equal'];
  const { source_matchers: source, target_matchers: target, equal } = fieldsOf(content, 'common.plain', known);
  return {
    source: matchersIn(source, 'source_matchers'),
    target: matchersIn(target, 'target_matchers'),
    equal: listOf(equal, 'equal'),
  };
};
