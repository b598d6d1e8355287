import type { Notification } from '../../experiments/types.ts';

/** Keeps what Alertmanager sent, in memory: the lab begins with an empty inbox. */
export type Inbox = {
  add: (notifications: readonly Notification[]) => void;
  /** newest first */
  list: () => Notification[];
};

/** @param limit  beyond it the oldest go first */
export const createInbox = (limit = 500): Inbox => {
  let kept: Notification[] = [];
  return {
    add: (notifications) => {
      kept = [...notifications.toReversed(), ...kept].slice(0, limit);
    },
    list: () => kept,
  };
};
