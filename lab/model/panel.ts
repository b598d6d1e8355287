export type Unit = 'percent' | 'ratio' | 'requests per second' | 'seconds' | 'count' | 'state' | 'spikes' | 'bytes';

type Colour = 'green' | 'orange' | 'red' | 'blue';

/** A query of a panel, and how what it returns is drawn. */
export type PanelQuery = {
  expr: string;
  /** the name of a line, a row or a figure; `{{label}}` is filled in */
  legend: string;
  style?: 'points' | 'steps';
  /** of a timeline's rows */
  colour?: Colour;
};

/**
 * A dashboard panel as data; grafana/ turns it into JSON and holds what is written in it against the room it has.
 * Sizes are in Grafana's grid of 24 columns: a column is 43 px, a row 38 px.
 */
export type Panel = {
  /**
   * A claim that is true at any minute in the state that the dashboard is for, or a question: the picture has to teach
   * without the README. Room: about 14 characters at width 4, 27 at 6, 40 at 8, 65 at 12; 6 fewer with a description.
   */
  title: string;
  /**
   * timeseries: lines; stat: figures of now; table: the series of now; timeline: a row for each series, with a band
   * while it has a value, so a query for each state and its legend as the state's name
   */
  kind: 'timeseries' | 'stat' | 'timeline' | 'table';
  targets: readonly PanelQuery[];
  unit: Unit;
  /** fixed axis, for percentages */
  range?: [lowest: number, highest: number];
  /** a line drawn at this value */
  threshold?: number;
  /** what a figure is called, for states such as 0 and 1 */
  names?: Record<string, { text: string; colour: Colour }>;
  /** of a table: how many series it shows at most, all of which have to be in sight */
  rows?: number;
  /** what does not fit into the title, shown under its ⓘ */
  description?: string;
  width: number;
  height: number;
};
