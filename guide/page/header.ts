import type { PageState as State } from '../src/lab.ts';
import { byId, element, keep, withCode } from './dom.ts';
import { nameOf } from './lesson.ts';
import { clock, dateAndTime } from './words.ts';

/** Which step is active, which services answer, and a notice for those that do not. */
export const showHeader = (state: State) => {
  const step = state.steps.find(({ command }) => command === state.active);
  const active = byId('active');
  active.dataset.command = state.active ?? '';
  active.replaceChildren(
    ...(step
      ? [element('strong', {}, nameOf(step)), ` is active · ${facts(state)}`]
      : [`Active step unknown: ${state.lab ? 'the exporter' : 'Prometheus'} does not answer`]),
  );

  const time = byId('clock');
  time.textContent = `${clock(state.now)} UTC`;
  time.setAttribute('datetime', new Date(state.now * 1000).toISOString());

  keep(byId('services'), JSON.stringify(state.services), () => state.services.map(service));
  const reasons = state.services.flatMap(({ reason }) => (reason ? [`${reason}.`] : []));
  notice(reasons.length > 0 ? `${reasons.join(' ')} The page goes on by itself as soon as it answers.` : undefined);
  document.body.dataset.at = dateAndTime(state.now);
};

/** What the running services report of themselves. */
const facts = ({ lab }: State) => {
  const signal = lab?.exporter ? [`signal ${lab.exporter.signal}`] : [];
  const scrape = lab?.scrapeSeconds ? [`scrape every ${lab.scrapeSeconds} s`] : [];
  return [...signal, ...scrape, `rules every ${lab?.evaluationSeconds} s`].join(' · ');
};

/** The guide takes its time. @param waited  seconds */
export const showWaiting = (waited: number) => {
  if (waited >= 8) notice(`The guide has not answered for ${waited} s; what is shown may be as old as that.`);
};

/** The guide itself does not answer. */
export const showSilence = () =>
  notice('The guide does not answer: it is stopped. `make up` starts it, and this page goes on by itself.');

const service = ({ name, answers, link, leftOut }: State['services'][number]) => {
  if (leftOut !== undefined)
    return element('li.quiet', {}, element('span', { title: leftOut }, `${name} does not run here`));
  const title = answers ? `${name} answers` : `${name} does not answer`;
  const mark = element('span.mark', { 'aria-hidden': 'true' }, answers ? '●' : '✗');
  return element(
    answers ? 'li' : 'li.silent',
    {},
    link === undefined
      ? element('span', { title: `${title}; this build has no web UI` }, mark, name)
      : element('a', { href: link, target: '_blank', rel: 'noreferrer', title }, mark, name),
  );
};

const notice = (text: string | undefined) => {
  const shown = byId('notice');
  keep(shown, text ?? '', () => withCode(text ?? ''));
  shown.hidden = text === undefined;
};
