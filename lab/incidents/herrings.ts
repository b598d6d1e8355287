import { during, failing, of } from './fleet.ts';

/** Something that happens beside the incident, and is over before anybody is hurt. */
export type Herring = {
  /** completes "there it is …" */
  says: string;
  settings: (number: number, afterSeconds: number) => Readonly<Record<string, string>>;
  /** what shows it */
  shows: (number: number) => string;
};

export const herrings: readonly Herring[] = [
  {
    says: 'one restart, as a deploy makes it: it came back within seconds',
    settings: (number, afterSeconds) => ({ [`DOWN_${number}`]: during({ seconds: 2, afterSeconds }) }),
    shows: (number) => of('process_start_time_seconds', number),
  },
  {
    says: 'a blip of errors, over in two seconds',
    settings: (number, afterSeconds) => ({ [`ERRORS_${number}`]: failing(50, during({ seconds: 2, afterSeconds })) }),
    shows: (number) => of('http_requests_total', number, 'code="500"'),
  },
  {
    says: 'its sessions got new names once',
    settings: (number, afterSeconds) => ({ [`CHURN_${number}`]: `1h:${during({ seconds: 1, afterSeconds })}` }),
    shows: (number) => of('scrape_series_added', number),
  },
];
