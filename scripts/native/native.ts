import type { Settings } from './compose.ts';

/** What a service's environment is made from. */
export type Machine = {
  settings: Settings;
  repository: string;
  /** the service's own folder for its data */
  data: string;
  /** where another service is reached, such as 127.0.0.1:8000 */
  at: (service: string) => string;
};

/** How a service runs without its image. */
export type Native = {
  /** run in the repository, the service's own arguments after it */
  command: string[];
  /** answers 200 when the service is healthy */
  health: string;
  /** what a change in restarts the service, as a new image would; one folder may be `*` */
  sources: string[];
  /** what its image or its entrypoint sets on its own; compose.yaml takes precedence */
  defaults: (machine: Machine) => Record<string, string>;
  /**
   * Where it listens, and its paths on this machine: these take precedence over compose.yaml.
   * @param environment  what it has without them
   */
  fixed: (
    host: string,
    port: number,
    settings: Settings,
    environment: Record<string, string>,
  ) => Record<string, string>;
  /** the port of its container that answers for its health; the published one by default */
  listens?: (args: string[]) => number;
  /** what is wrong with its arguments: without a container's network, what they leave out could be open to all */
  wrong?: (service: string, args: string[]) => string | undefined;
  /** what is missing on this machine: how to get it; the lab then runs without the service */
  missing?: (settings: Settings) => string | undefined;
};
