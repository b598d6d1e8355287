/**
 * Makes an element. Text is set as text: nothing that arrives from outside is ever read as HTML.
 * @param tag  with classes, such as `span.pill.firing`
 * @param attributes  a function listens
 */
export const element = (
  tag: string,
  attributes: Record<string, string | boolean | undefined | ((event: Event) => void)> = {},
  ...children: (Node | string | undefined | false)[]
): HTMLElement => {
  const [name = 'div', ...classes] = tag.split('.');
  const made = document.createElement(name);
  if (classes.length > 0) made.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
};

/** The catalogue writes code between backticks. */
export const withCode = (text: string): (Node | string)[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));

export const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;

/** A line to type, with a button that copies it. */
export const command = (line: string) => {
  const button = element('button', { type: 'button', 'aria-label': `Copy ${line}` }, 'Copy');
  const code = element('code', {}, line);
  button.addEventListener('click', async () => {
    const isCopied = await copy(line, code);
    button.textContent = isCopied ? 'Copied' : 'Selected';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1_500);
  });
  return element('div.command', {}, code, button);
};

/** The clipboard is there on localhost and on https only; elsewhere the line is selected, ready for the keyboard. */
const copy = async (text: string, shown: HTMLElement) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
};

/**
 * Draws a part again only where what it shows has changed, so that focus and selection stay.
 * @param content  what it shows, as text to compare
 */
export const keep = (part: HTMLElement, content: string, draw: () => (Node | string)[]) => {
  if (drawn.get(part) === content) return;
  drawn.set(part, content);
  part.replaceChildren(...draw());
};

/** What has been written into a part past `keep`: it is drawn again with the next content. */
export const keptAgain = (part: HTMLElement) => drawn.delete(part);

const drawn: WeakMap<HTMLElement, string> = new WeakMap();
