/**
 * Makes an element. Text is set as text: nothing that arrives from outside is ever read as HTML.
 * @param {string} tag  with classes, such as `span.pill.firing`
 * @param {Record<string, string | boolean | undefined | ((event: Event) => void)>} attributes  a function listens
 * @param {(Node | string | undefined | false)[]} children
 * @returns {HTMLElement}
 */
export const element = (tag, attributes = {}, ...children) => {
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

/**
 * The catalogue writes code between backticks.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export const withCode = (text) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * A line to type, with a button that copies it.
 * @param {string} line
 */
export const command = (line) => {
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

/**
 * The clipboard is there on localhost and on https only; elsewhere the line is selected, ready for the keyboard.
 * @param {string} text @param {HTMLElement} shown
 */
const copy = async (text, shown) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
};
