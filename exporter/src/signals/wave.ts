const periodSeconds = 24;

/**
 * A sine wave of 24 s, to be looked at every 1, 5 and 30 s: smooth, in corners, and as a slow wave of 120 s that
 * is not there.
 * @returns percent, 0 to 100
 */
export const wavePercent = (unixSeconds: number): number =>
  Math.round(5_000 + 5_000 * Math.sin((2 * Math.PI * unixSeconds) / periodSeconds)) / 100;

/** The page that holds the wave alone, so that three jobs more do not show all other series three times more. */
export const waveExposition = (unixSeconds: number): string =>
  `# HELP wave_simulated A simulated wave of ${periodSeconds} s, in percent.\n# TYPE wave_simulated gauge\nwave_simulated ${wavePercent(unixSeconds)}\n`;
