import { fetchDirect } from '../../lab/fetch.ts';

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
