import type { Notification } from '../../experiments/types.ts';

/** Keeps what Alertmanager sent, in memory: the lab begins with an empty inbox. */
export type Inbox = {
  add: (notifications: readonly Notification[]) => void;
  /** newest first */
  list: () => Notification[];
};

/**
 * Beyond either limit the oldest go first.
 * @param limit      of notifications
 * @param signLimit  of signs in their labels and annotations: 500 of the largest would fill the memory
 */
export const createInbox = (limit = 500, signLimit = 2_000_000): Inbox => {
  let kept: Notification[] = [];
  return {
    add: (notifications) => {
      let signs = 0;
      kept = [...notifications.toReversed(), ...kept].slice(0, limit).filter((notification) => {
        signs += signsOf(notification);
        return signs <= signLimit;
      });
    },
    list: () => kept,
  };
};

const signsOf = ({ labels, annotations }: Notification): number =>
  [labels, annotations].flatMap(Object.entries).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
