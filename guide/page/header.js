import { byId, element, withCode } from './dom.js';
import { clock, dateAndTime } from './words.js';

/** @typedef {import('../src/lab.ts').PageState} State */
/** @typedef {import('../src/steps.ts').ListedStep} ListedStep */

/** @param {ListedStep} step */
export const nameOf = ({ title, experiment }) => (experiment ? `Experiment ${experiment.number} · ${title}` : title);

/** What is in force, which services answer, and a notice for those that do not. @param {State} state */
export const showHeader = (state) => {
  const step = state.steps.find(({ command }) => command === state.inForce);
  const inForce = step
    ? [element('strong', {}, nameOf(step)), ` in force · ${facts(state)}`]
    : [`What is in force is not known while ${state.lab ? 'the exporter' : 'Prometheus'} does not answer`];
  const shown = byId('in-force');
  shown.dataset.command = state.inForce ?? '';
  shown.replaceChildren(...inForce);

  const time = byId('clock');
  time.textContent = `${clock(state.now)} UTC`;
  time.setAttribute('datetime', new Date(state.now * 1000).toISOString());

  keep(byId('services'), JSON.stringify(state.services), () => state.services.map(service));
  const reasons = state.services.flatMap(({ reason }) => (reason ? [`${reason}.`] : []));
  notice(reasons.length > 0 ? `${reasons.join(' ')} The page goes on by itself as soon as it answers.` : undefined);
  document.body.dataset.at = dateAndTime(state.now);
};

/** What the running services say of themselves. @param {State} state */
const facts = ({ lab }) => {
  const signal = lab?.exporter ? [`signal ${lab.exporter.signal}`] : [];
  const scrape = lab?.scrapeSeconds ? [`scrape every ${lab.scrapeSeconds} s`] : [];
  return [...signal, ...scrape, `rules every ${lab?.evaluationSeconds} s`].join(' · ');
};

/** The guide takes its time. @param {number} waited  seconds */
export const showWaiting = (waited) => {
  if (waited >= 4) notice(`The guide has not answered for ${waited} s; what is shown may be as old as that.`);
};

/** The guide itself does not answer. */
export const showSilence = () =>
  notice('The guide does not answer: it is stopped. `make up` starts it, and this page goes on by itself.');

/** @param {State['services'][number]} service */
const service = ({ name, answers, link, leftOut }) => {
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

/** @param {string | undefined} text */
const notice = (text) => {
  const shown = byId('notice');
  keep(shown, text ?? '', () => withCode(text ?? ''));
  shown.hidden = text === undefined;
};

/**
 * Draws a part again only where what it shows has changed, so that focus and selection stay.
 * @param {HTMLElement} part
 * @param {string} content  what it shows, as text to compare
 * @param {() => (Node | string)[]} draw
 */
export const keep = (part, content, draw) => {
  if (drawn.get(part) === content) return;
  drawn.set(part, content);
  part.replaceChildren(...draw());
};

/** What has been written into a part past `keep`: it is drawn again with the next content. @param {HTMLElement} part */
export const keptAgain = (part) => drawn.delete(part);

/** @type {WeakMap<HTMLElement, string>} */
const drawn = new WeakMap();
