import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';

/** Words beside the pictures, in markdown. */
export const text = (title: string, markdown: string): PanelBuilder =>
  new PanelBuilder().title(title).mode(TextMode.Markdown).content(markdown);
