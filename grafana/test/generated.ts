import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboards } from '../src/dashboards.ts';

/** What the tests read of a panel that asks a question. */
type QueryPanel = {
  title: string;
  type: string;
  datasource: unknown;
  targets: {
    refId: string;
    expr: string;
    datasource: unknown;
    instant: boolean;
    range: boolean;
    format?: string;
    legendFormat: string;
  }[];
  interval?: string;
  fieldConfig: {
    defaults: {
      unit: string;
      min?: number;
      max?: number;
      mappings?: unknown[];
      noValue?: string;
      color?: { mode: string };
      custom?: { spanNulls?: boolean; thresholdsStyle?: { mode: string }; minWidth?: number };
    };
    overrides: { matcher: { id: string; options: string }; properties: { id: string; value: unknown }[] }[];
  };
  options: {
    legend?: { showLegend: boolean; placement: string; calcs?: string[] };
    graphMode?: string;
    showValue?: string;
    perPage?: number;
  };
};

export const generated: readonly Dashboard[] = dashboards();

/** Dashboards as plain data, for looking at what the SDK's types do not say. */
export const plain = (dashboard: Dashboard): Record<string, unknown> => JSON.parse(JSON.stringify(dashboard));

const allPanels = (dashboard: Dashboard): (QueryPanel & { options: { content: string } })[] =>
  plain(dashboard).panels as never;

export const panelsOf = (type?: string): { uid: string; panel: QueryPanel }[] =>
  generated.flatMap((dashboard) =>
    allPanels(dashboard)
      .filter((panel) => panel.type !== 'text' && (type === undefined || panel.type === type))
      .map((panel) => ({ uid: dashboard.uid!, panel })),
  );

export const textsOf = (dashboard: Dashboard): string[] =>
  allPanels(dashboard)
    .filter(({ type }) => type === 'text')
    .map(({ options }) => options.content);
