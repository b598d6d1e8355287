import { join } from 'node:path';
import type { Service } from './compose.ts';

/** The folders that take the place of a container's volumes. */
type Folders = {
  /** of the first volume */
  data: string;
  /** those that are empty whenever the service starts */
  scratch: string[];
  /** an argument such as --tsdb.path=/thanos, with the folder of this machine */
  replaceIn: (argument: string) => string;
};

/**
 * A named volume such as shard-a-data is the folder shard-a.
 * @param lab  holds them, in its folder data
 */
export const foldersOf = ({ name, volumes, scratch }: Service, lab: string): Folders => {
  const folderOf = (volume: string) => join(lab, 'data', volume.replace(/-data$/, ''));
  const emptied = scratch.map(
    (target) => [target, join(lab, 'data', `${name}${target.replaceAll('/', '-')}`)] as const,
  );
  const kept = Object.entries(volumes).map(([target, volume]) => [target, folderOf(volume)] as const);
  return {
    data: kept[0]?.[1] ?? folderOf(name),
    scratch: emptied.map(([, folder]) => folder),
    replaceIn: (argument) => {
      const [target, folder] = [...kept, ...emptied].find(([path]) => argument.endsWith(`=${path}`)) ?? [];
      return target === undefined ? argument : `${argument.slice(0, -target.length)}${folder}`;
    },
  };
};
