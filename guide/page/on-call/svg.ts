/** Makes an element of SVG: with attributes and classes alone, since the page's policy allows no inline style. */
export const svg = (
  tag: string,
  attributes: Record<string, string | number> = {},
  ...children: (Node | string)[]
): SVGElement => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
};

/** Draws an element's content again whenever its width is another one. @param draw  gets the width, pixels */
export const inWidth = (parent: HTMLElement, draw: (width: number) => Node[]): (() => void) => {
  let drawn = 0;
  const again = () => {
    drawn = Math.floor(parent.clientWidth);
    if (drawn > 0) parent.replaceChildren(...draw(drawn));
  };
  new ResizeObserver(() => {
    if (Math.floor(parent.clientWidth) !== drawn) again();
  }).observe(parent);
  return again;
};
