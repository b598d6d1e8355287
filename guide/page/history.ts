import { byId, element } from './dom.ts';

const place = 'prometheus-lab-queries';
const mostKept = 30;

/**
 * The queries that were asked before, the newest first; the browser keeps them where it may.
 * @param onChoice  one of them was chosen
 */
export const createHistory = (onChoice: (query: string) => void) => {
  let queries = read();
  const list = byId('history-list');
  // It is drawn when it is opened.
  list.addEventListener('beforetoggle', () =>
    list.replaceChildren(
      ...(queries.length === 0 ? [element('p.quiet', {}, 'No query has been asked yet.')] : queries.map(button)),
    ),
  );
  const button = (query: string) =>
    element(
      'button',
      {
        type: 'button',
        click: () => {
          list.hidePopover();
          onChoice(query);
        },
      },
      element('code', {}, query),
    );
  return {
    add: (query: string) => {
      queries = [query, ...queries.filter((each) => each !== query)].slice(0, mostKept);
      try {
        localStorage.setItem(place, JSON.stringify(queries));
      } catch {
        // Without a storage they are kept as long as the page.
      }
    },
  };
};

const read = (): string[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
};
