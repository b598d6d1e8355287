import { capital } from '../../../lab/model/format.ts';
import type { OnCall, ShownScenario } from '../../../lab/running/on-call.ts';
import { byId, command, element, withCode } from '../dom.ts';
import { pointedAt, said } from '../judgement.ts';
import { outcomeOf } from '../poll.ts';
import { createQueryFields } from '../query-field.ts';
import { type Asked, readAsked, writeAsked } from './address.ts';
import { completionOf } from './completion.ts';
import { type Dot, percentOf } from './edge.ts';
import { createFront } from './front.ts';
import { kindsOf, scoreRows } from './scores.ts';
import type { Shifts } from './source.ts';
import { createStrips, legend } from './strips.ts';

type References = Extract<OnCall, { kind: 'references' }>['references'];
type Judged = Extract<OnCall, { kind: 'judged' }>;

/** While nobody holds the shifts, it is asked so often whether somebody does. */
const againMilliseconds = 3_000;

const letters = 'abcdefghijklmnop';
const ownLetter = '◆';

/** Starts the page On call. */
export const start = (shifts: Shifts): void => {
  let scenario: ShownScenario | undefined;
  let references: References = [];
  let judged: Judged | undefined;
  let asked: Asked = readAsked();
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** Rules that were judged so far. */
  let count = 0;
  /** What is under way: whatever comes of an earlier question is late. */
  let running: AbortController | undefined;

  const strips = createStrips();
  const front = createFront();
  const input = (name: string) => byId(name) as HTMLInputElement;
  const fields = createQueryFields({ complete: completionOf(() => scenario?.series ?? []) });
  const editor = fields.make({
    field: byId('expr') as HTMLTextAreaElement,
    parent: byId('editor'),
    label: 'Expression of your alert, in PromQL',
    onChange: (expr) => {
      asked = { ...asked, expr };
    },
    onRun: () => judge(),
  });
  const write = () => {
    editor.set(asked.expr);
    input('for').value = asked.for;
    input('keep').value = asked.keep;
  };

  const say = (...parts: (Node | string)[]) => byId('said').replaceChildren(...parts);

  const take = (name: string) => {
    const found = scenario?.references.find((each) => each.name === name);
    if (found === undefined) return;
    asked = { scenario: asked.scenario, expr: found.expr, for: found.for, keep: found.keep };
    write();
    judge();
  };

  const showScores = () => {
    if (scenario === undefined) return;
    const rows = scenario.references.map(({ name }, index) => ({
      letter: letters[index]!,
      name,
      score: references.find((each) => each.name === name)?.score,
    }));
    const own: Dot | undefined = judged && { letter: ownLetter, name: 'your rule', score: judged.score };
    byId('score').replaceChildren(...scoreRows(rows, own, take));
    byId('kinds').textContent = own === undefined ? '' : kindsOf(own.score);
    front.show(
      rows.flatMap(({ score, ...row }) => (score === undefined ? [] : [{ ...row, score }])),
      own,
      scenario.best,
    );
  };

  const showWorst = () => {
    const moments = judged?.worst ?? [];
    byId('worst').replaceChildren(
      ...moments.map(({ seed, second, text, experiment }) =>
        element(
          'li',
          {},
          element('button.link', { type: 'button', click: () => strips.goTo(seed, second) }, `${capital(text)}.`),
          ` Experiment ${experiment.number}, ${experiment.title}, shows why: `,
          element('code', {}, `make exp-${experiment.number}`),
        ),
      ),
      ...(moments.length === 0
        ? [
            element(
              'li.quiet',
              {},
              judged === undefined ? 'Those of your rule, once it is judged.' : 'Nothing went wrong.',
            ),
          ]
        : []),
    );
  };

  const showAll = () => {
    if (scenario === undefined) return;
    showScores();
    showWorst();
    strips.show(scenario, judged?.shifts);
  };

  const standing = ({ score, beatenBy }: Judged): HTMLElement => {
    if (score.saved === 0) return said('bad', 'It saves nothing.');
    const saved = `${percentOf(score.saved)} saved. `;
    if (beatenBy.length === 0)
      return said('good', `${saved}No reference rule saves as much with fewer useless pages, or more with as few.`);
    return said('bad', `${saved}Better in both: ${beatenBy.join(', ')}.`);
  };

  const again = (ask: () => unknown) => {
    clearTimeout(retry);
    retry = setTimeout(ask, againMilliseconds);
  };
  const absent = (line: string) => {
    const sentence =
      'The Prometheus that holds the shifts does not run. This starts it, and the page goes on by itself:';
    front.say(element('p', {}, sentence), command(line));
    again(readReferences);
  };

  const readReferences = async () => {
    const own = scenario;
    if (own === undefined) return;
    const outcome = await outcomeOf(shifts.references(own.name));
    if (own !== scenario) return;
    const reply: OnCall = 'reply' in outcome ? outcome.reply : { kind: 'refused', reason: outcome.reason };
    if (reply.kind === 'absent') return absent(reply.type);
    if (reply.kind === 'lacking') return front.say(element('p', {}, `${capital(reply.reason)}.`));
    if (reply.kind === 'refused') {
      front.say(element('p', {}, `${capital(reply.reason)}. The page goes on by itself.`));
      again(readReferences);
    }
    if (reply.kind !== 'references') return;
    references = reply.references;
    showScores();
    if (asked.expr.trim() !== '' && judged === undefined) judge();
  };

  const judge = async () => {
    const own = scenario;
    asked = { ...asked, scenario: own?.name, for: input('for').value.trim(), keep: input('keep').value.trim() };
    if (own === undefined) return;
    if (asked.expr.trim() === '')
      return say(said('quiet', 'Type an expression first, or take a reference rule below.'));
    writeAsked(asked);
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const { scenario: _, ...rule } = asked;
    byId('main').setAttribute('aria-busy', 'true');
    const outcome = await outcomeOf(shifts.judge(own.name, rule), controller.signal);
    if (running !== controller) return;
    running = undefined;
    byId('main').removeAttribute('aria-busy');
    if ('reason' in outcome) return say(said('bad', `Nothing can be judged: ${outcome.reason}.`));
    const { reply } = outcome;
    switch (reply.kind) {
      case 'judged':
        judged = reply;
        say(standing(reply));
        showAll();
        byId('main').dataset.judged = String(++count);
        return;
      case 'refused':
        return say(said('bad', `${reply.reason}.`), ...pointedAt(rule.expr, reply.place));
      case 'absent':
        say(said('quiet', 'It is judged as soon as the shifts are there:'), command(reply.type));
        judged = undefined;
        return absent(reply.type);
      case 'lacking':
        return say(said('bad', `${capital(reply.reason)}.`));
    }
  };

  const show = async (name: string | undefined) => {
    const outcome = await outcomeOf(shifts.scenario(name));
    if ('reason' in outcome) {
      byId('notice').textContent = `${capital(outcome.reason)}. The page goes on by itself.`;
      again(() => show(name));
      return;
    }
    byId('notice').textContent = '';
    clearTimeout(retry);
    running?.abort();
    running = undefined;
    const { reply } = outcome;
    [scenario, references, judged] = [reply, [], undefined];
    asked = { ...asked, scenario: reply.name };
    byId('task-title').textContent = reply.title;
    byId('deserves').replaceChildren(
      element('strong', {}, 'What deserves a page: '),
      ...withCode(
        `${reply.deserves}. The damage ends ${reply.reactionSeconds} s after a page; samples and evaluations are 5 s apart.`,
      ),
    );
    byId('metrics').replaceChildren(...reply.metrics.map((each) => element('li', {}, ...withCode(each))));
    byId('scenarios').replaceChildren(
      ...reply.choices.map(({ name: own, title }) =>
        element(
          'button',
          { type: 'button', title, 'aria-pressed': String(own === reply.name), click: () => choose(own) },
          own,
        ),
      ),
    );
    say();
    byId('main').hidden = false;
    write();
    front.say(element('p.quiet', {}, 'The reference rules are being judged …'));
    showAll();
    fields.load();
    readReferences();
  };

  const choose = (name: string) => {
    if (name === scenario?.name) return;
    asked = { scenario: name, expr: '', for: '', keep: '' };
    writeAsked(asked);
    show(name).then(() => (byId('scenarios').querySelector('[aria-pressed="true"]') as HTMLElement | null)?.focus());
  };

  byId('legend').replaceChildren(...legend());
  // What scrolls has to be reached by the keyboard.
  for (const scrolling of [byId('score').parentElement!, byId('readout')]) scrolling.tabIndex = 0;
  byId('rule').addEventListener('submit', (event) => {
    event.preventDefault();
    judge();
  });
  addEventListener('popstate', () => {
    asked = readAsked();
    if ((asked.scenario ?? scenario?.name) !== scenario?.name) show(asked.scenario);
    else {
      write();
      if (asked.expr !== '') judge();
    }
  });
  show(asked.scenario);
};
