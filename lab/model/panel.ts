export type Unit =
  | 'percent'
  | 'ratio'
  | 'requests per second'
  | 'per second'
  | 'seconds'
  | 'celsius'
  | 'cores'
  | 'count'
  | 'state'
  | 'spikes'
  | 'bytes';

export type Colour = 'green' | 'orange' | 'red' | 'blue' | 'purple' | 'grey';

/** What a value is called, such as 1 for up, and the colour of it. */
export type ValueNames = Readonly<Record<string, { text: string; colour: Colour }>>;

/** A query of a panel, and how what it returns is drawn. */
export type PanelQuery = {
  expr: string;
  /** the name of a line, a row or a figure; `{{label}}` is filled in */
  legend: string;
  /** wide: below a line that may be equal, so that both are seen */
  style?: 'points' | 'steps' | 'wide' | 'bars' | 'dashed';
  /** of a line; those of an instance have one of their own on every picture */
  colour?: Colour;
  /** who is asked, by the name of a source of the step; the lab's own Prometheus by default */
  of?: string;
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
   * timeseries: lines; stat: figures of now; table: the series of now; timeline: a row for each alert or target, its
   * states by `names`; buckets: a classic histogram now, a bar for each bucket; heatmap: the same through time. Of the
   * latter two the query gives the cumulative buckets, by `le`
   */
  kind: 'timeseries' | 'stat' | 'timeline' | 'table' | 'buckets' | 'heatmap';
  targets: readonly PanelQuery[];
  unit: Unit;
  /** fixed axis, for percentages */
  range?: [lowest: number, highest: number];
  /** a line drawn at this value; red from it on */
  threshold?: number;
  /** the states of a timeline or of a figure: every value that its queries return */
  names?: ValueNames;
  /** of a graph whose newest values are the lesson: the legend says them */
  lastValue?: boolean;
  /** digits after the point, where the figure that the lesson names needs more than Grafana shows by itself */
  decimals?: number;
  /** the shortest time between two points of a graph, where its series are scraped at intervals of their own */
  stepSeconds?: number;
  /** of a table: how many series it shows at most, all of which have to be in sight */
  rows?: number;
  /** what does not fit into the title, shown under its ⓘ */
  description?: string;
  width: number;
  height: number;
};
