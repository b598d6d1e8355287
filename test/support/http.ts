import { fetchDirect } from '../../lab/running/fetch.ts';

/** @returns whether the answer to a GET is a 2xx, within 2 s */
export const answersOk = async (url: string): Promise<boolean> => {
  try {
    return (await fetchDirect(url, 2_000)).ok;
  } catch {
    return false;
  }
};

/** @returns whether anything accepts connections at that URL and answers, with whatever status, within 3 s */
export const answers = async (url: string): Promise<boolean> => {
  try {
    await fetchDirect(url, 3_000);
    return true;
  } catch {
    return false;
  }
};

/** @returns the URLs that lead to no page: no answer, or none with status 200 after a few redirects */
export const deadLinks = async (urls: readonly string[]): Promise<string[]> => {
  const dead: string[] = [];
  for (const url of new Set(urls)) {
    const status = await statusOf(url).catch(String);
    if (status !== 200) dead.push(`${url}: ${status}`);
  }
  return dead;
};

const statusOf = async (url: string, redirects = 5): Promise<number> => {
  const { status, headers } = await fetchDirect(url, 5_000);
  const location = headers.get('location');
  if (status < 300 || status >= 400 || location === null || redirects === 0) return status;
  return statusOf(new URL(location, url).href, redirects - 1);
};
