import type { Colour, PanelQuery } from '../../lab/model/panel.ts';

/** An instance has one colour on all pictures: Grafana's own go by the place of a line in its picture. */
const ofInstances: readonly (readonly [pattern: string, colour: Colour])[] = [
  ['/exporter:8000$|[- ](a|1)$/', 'blue'],
  ['/exporter:8001$|[- ](b|2)$/', 'orange'],
  ['/exporter:8002$|-3$/', 'purple'],
  ['/exporter:8003$/', 'green'],
];

/** The colours of lines that are called by their instances; none where those of a picture have other names. */
export const instanceColours = (targets: readonly PanelQuery[]): typeof ofInstances =>
  targets.some(({ legend }) => /\{\{(instance|replica)\}\}$/.test(legend)) ? ofInstances : [];
