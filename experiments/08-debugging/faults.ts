import type { Lab } from '../../lab/model/lab.ts';
import type { Fault } from '../../lab/model/lesson.ts';

/** What a scrape job of the lab says in Prometheus' own configuration. */
const inJob =
  (line: RegExp) =>
  ({ jobConfig = '' }: Lab): boolean =>
    line.test(jobConfig);

/** The exporter's own address stands beside the target's: service discovery asks it for further targets. */
const asksAnotherAddress = ({ jobConfig = '' }: Lab): boolean => {
  const target = /^ *- targets:\s+- '?"?([\w.:[\]-]+)/m.exec(jobConfig)?.[1];
  const own = /^ *(?:- )?url: https?:\/\/([\w.:[\]-]+)\/targets/m.exec(jobConfig)?.[1];
  return target !== undefined && own !== undefined && target !== own;
};

/** Each is a file in faults/. What is active is seen in the running lab; nothing else remembers it. */
export const faults: readonly Fault[] = [
  {
    name: 'path',
    cause: 'the scrape asks for a path that the exporter does not have',
    sign: '`up` is 0, and the error beside the target is an HTTP status 404',
    isActive: (lab) => lab.jobConfig !== undefined && !inJob(/^ *metrics_path: \/metrics$/m)(lab),
  },
  {
    name: 'port',
    cause: 'the scrape goes to a port on which nothing listens',
    sign: '`up` is 0 and the connection is refused, although the exporter answers at its own port',
    isActive: asksAnotherAddress,
  },
  {
    name: 'scheme',
    cause: 'the scrape speaks HTTPS, and the exporter HTTP',
    sign: "`up` is 0, the target's address begins with https, and its error speaks of an HTTP response",
    isActive: inJob(/^ *scheme: https$/m),
  },
  {
    name: 'renamed',
    cause: 'relabelling gives the metric another name before it is stored',
    sign: '`up` is 1, and as many samples are stored as were scraped: the metric is there, under another name',
    isActive: inJob(/^ *metric_relabel_configs:\n(?:(?! *\w+_configs:)[\s\S])*^ *target_label: __name__$/m),
  },
  {
    name: 'dropped',
    cause: 'relabelling drops the metric after the scrape',
    sign: '`up` is 1, and fewer samples are stored than were scraped',
    isActive: inJob(/^ *metric_relabel_configs:\n(?:(?! *\w+_configs:)[\s\S])*^ *action: drop$/m),
  },
  {
    name: 'slow',
    cause: 'the exporter answers later than the scrape waits',
    sign: '`up` is 0, a scrape takes as long as its time-out, and the error is a deadline that is exceeded',
    isActive: ({ exporter }) => exporter?.scrapeAnswer?.afterSeconds !== undefined,
  },
  {
    name: 'content-type',
    cause: 'the exporter says that its answer is something else than metrics',
    sign: '`up` is 0 and the error names the Content-Type, although the page looks right by hand',
    isActive: ({ exporter }) => exporter?.scrapeAnswer?.contentType !== undefined,
  },
];

/** The fault that the running lab has; undefined where it has none. */
export const faultIn = (lab: Lab): Fault | undefined => faults.find(({ isActive }) => isActive(lab));
