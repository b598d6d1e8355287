/**
 * Preloaded by each process of unit tests. To name the test in which an error arose that nobody caught, Node's runner
 * follows every promise until it is collected; tests that play hours of a lab make millions of them. Without that they
 * take an eighth less time, and such an error fails its file all the same, by the name of the file.
 */
import hooks, { type HookCallbacks } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

const { createHook } = hooks;

/** Has everything initialised but promises, and nothing destroyed: what is left is a few entries for each test. */
const withoutPromises = ({ init }: HookCallbacks) =>
  createHook({
    init: (id, type, trigger, resource) => {
      if (type !== 'PROMISE') init?.(id, type, trigger, resource);
    },
  });

// The runner takes it from there, since it is loaded later.
Object.assign(hooks, { createHook: withoutPromises });
syncBuiltinESMExports();
