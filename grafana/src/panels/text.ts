import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';

/** Words above or below the pictures, in markdown. Without a title they stand on the page itself. */
export const text = (title: string | undefined, markdown: string): PanelBuilder => {
  const builder = new PanelBuilder().mode(TextMode.Markdown).content(markdown);
  return title === undefined ? builder.transparent(true) : builder.title(title);
};
