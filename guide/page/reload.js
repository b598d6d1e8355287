// Docker changes the machine's networks with each experiment, and a browser gives up what it loads just then. The page
// would stay empty: it begins again instead.
addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLElement) setTimeout(() => location.reload(), 1_000);
  },
  true,
);
