import { listOf, type Setting } from '../../../lab/settings/setting.ts';
import { perMille, sumOf, wholeSeconds } from '../setting.ts';
import type { Errors, Route } from '../world.ts';

/** `ERRORS`: a burst, a share, or a share of each route. */
export const errorsSetting: Setting<Errors> = {
  expected:
    'a burst such as 5@30s (5 errors in one second, 30 s after the start), a share of the requests such as 2%, or ' +
    'up to 10 routes of 100 % in all, each with what fails of it, such as light:90%:2%,heavy:10%:20%',
  parse: (text) => {
    const [, count, after = ''] = /^([1-9]\d{0,5})@(.*)$/.exec(text) ?? [];
    const afterSeconds = wholeSeconds(after);
    if (count !== undefined) return afterSeconds === undefined ? undefined : { count: Number(count), afterSeconds };
    const all = perMille(text);
    if (all) return { routes: [{ route: 'all', perMille: 1_000, failingPerMille: all }] };
    const routes = listOf(text, 10, parseRoute);
    const names = new Set(routes?.map(({ route }) => route));
    return routes && names.size === routes.length && sumOf(routes.map((route) => route.perMille)) === 1_000
      ? { routes }
      : undefined;
  },
};

const parseRoute = (text: string): Route | undefined => {
  const [, route, share = '', fails = ''] = /^([a-z]{1,20}):([^:]*):([^:]*)$/.exec(text) ?? [];
  const [thousandths, failing] = [perMille(share), perMille(fails)];
  if (route === undefined || !thousandths || failing === undefined) return undefined;
  return { route, perMille: thousandths, failingPerMille: failing };
};
