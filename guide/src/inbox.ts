import type { Notification } from '../../lab/model/reader.ts';

/** Messages that could not be read. */
export type Refused = {
  count: number;
  /** when the last one came, unix seconds, and what was wrong with it */
  at: number;
  reason: string;
};

/** Keeps what Alertmanager sent, in memory: the lab begins with an empty inbox. */
export type Inbox = {
  add: (notifications: readonly Notification[]) => void;
  /** newest first */
  list: () => Notification[];
  /** A message is refused once and for all: Alertmanager does not send it again. */
  refuse: (reason: string, at: number) => void;
  /** undefined where every message could be read */
  refused: () => Refused | undefined;
};

/**
 * Beyond either limit the oldest notifications are dropped first.
 * @param limit           of notifications
 * @param characterLimit  of characters in their labels and annotations: 500 of the largest would fill the memory
 */
export const createInbox = (limit = 500, characterLimit = 2_000_000): Inbox => {
  let kept: Notification[] = [];
  let refused: Refused | undefined;
  return {
    add: (notifications) => {
      let characters = 0;
      kept = [...notifications.toReversed(), ...kept].slice(0, limit).filter((notification) => {
        characters += charactersOf(notification);
        return characters <= characterLimit;
      });
    },
    list: () => kept,
    refuse: (reason, at) => {
      refused = { count: (refused?.count ?? 0) + 1, at, reason };
    },
    refused: () => refused,
  };
};

const charactersOf = ({ labels, annotations }: Notification): number =>
  [labels, annotations].flatMap(Object.entries).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
