import { byId, element } from './dom.ts';

/**
 * Tabs as a keyboard expects them: the arrow keys go from one to the next, Tab goes on to what the tab shows.
 * @param id  of the list
 * @param tabs  several may share a panel
 */
export const createTabs = (
  id: string,
  tabs: readonly { name: string; title: string; panel: string }[],
  onChoice: (name: string) => void,
) => {
  const buttons = tabs.map(({ name, title, panel }) =>
    element(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${name}`,
        'aria-controls': panel,
        'data-name': name,
        click: () => choose(name),
      },
      title,
    ),
  );

  const mark = (chosen: string) => {
    const shown = tabs.find(({ name }) => name === chosen)?.panel;
    for (const [index, button] of buttons.entries()) {
      const isChosen = tabs[index]?.name === chosen;
      button.setAttribute('aria-selected', String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
      if (isChosen) byId(tabs[index]?.panel ?? '').setAttribute('aria-labelledby', button.id);
    }
    for (const { panel } of tabs) byId(panel).hidden = panel !== shown;
  };
  const choose = (name: string) => {
    mark(name);
    onChoice(name);
  };

  const moves = new Map([
    ['ArrowRight', 1],
    ['ArrowLeft', -1],
  ]);
  byId(id).addEventListener('keydown', (event) => {
    const move = moves.get(event.key);
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    if (move === undefined || at === -1) return;
    event.preventDefault();
    const next = buttons[(at + move + buttons.length) % buttons.length];
    next?.focus();
    next?.click();
  });
  byId(id).append(...buttons);
  // What scrolls has to be reached by the keyboard.
  for (const { panel } of tabs) byId(panel).tabIndex = 0;
  return { show: mark };
};
