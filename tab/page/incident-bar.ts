import { element } from '../../guide/page/dom.ts';
import { incidentStep } from '../../lab/incidents/step.ts';
import { quoted } from '../../lab/settings/quoted.ts';
import { levelSetting, levelThree, seedSetting, someSeed, type TabIncident, tabLevels } from './incident.ts';

type Asked = Pick<TabIncident, 'seed' | 'level'>;

/**
 * Which incident is on, and another one: beside the time, while an incident is open.
 * @param onStart  called with what is asked for
 * @param onWrong  called with a sentence for each field that is not right, none where all are: nothing begins then
 */
export const createIncidentBar = (onStart: (asked: Asked) => void, onWrong: (sentences: string[]) => void) => {
  const seed = element('input', { type: 'number', min: '0', name: 'incident' }) as HTMLInputElement;
  const level = element(
    'select',
    { name: 'level', title: `2: something harmless beside it; ${levelThree}` },
    ...tabLevels.map((each) => element('option', { value: String(each) }, String(each))),
  ) as HTMLSelectElement;
  const begin = () => {
    const asked = { seed: seedSetting.parse(seed.value), level: levelSetting.parse(level.value)! };
    if (asked.seed === undefined)
      return onWrong([`The incident’s seed must be ${seedSetting.expected}, got ${quoted(seed.value)}.`]);
    onWrong([]);
    onStart({ ...asked, seed: asked.seed });
  };
  const another = () => {
    seed.value = String(someSeed());
    begin();
  };
  const bar = element(
    'form.incident-bar',
    { 'aria-label': 'The incident', hidden: true, novalidate: true },
    element('label', { title: 'The same seed is the same incident, here and with make incident' }, 'incident ', seed),
    element('label', {}, 'level ', level),
    element('button', { type: 'submit' }, 'Begin it'),
    element('button', { type: 'button', click: another }, 'Another one'),
  );
  bar.addEventListener('submit', (event) => {
    event.preventDefault();
    begin();
  });
  return {
    bar,
    /** @param command  of the step that is on */
    show: (command: string, incident: Asked) => {
      const isOn = command === incidentStep.command;
      if (isOn && bar.hidden) {
        seed.value = String(incident.seed);
        level.value = String(incident.level);
      }
      bar.hidden = !isOn;
    },
  };
};
