/** No target of a real Prometheus is much larger than this. */
export const seriesPerTarget = 10_000;

/** The configuration that scrapes them all, every part as a target of its own. */
export const scrapingAll = (
  address: string,
  series: number,
  intervalSeconds: number,
  writeUrls: readonly string[],
): object => ({
  global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: `${intervalSeconds}s` },
  scrape_configs: [
    {
      job_name: 'bench',
      static_configs: Array.from({ length: Math.ceil(series / seriesPerTarget) }, (_, part) => ({
        targets: [address],
        labels: { __param_part: String(part), instance: `part-${part}` },
      })),
    },
  ],
  remote_write: writeUrls.map((url) => ({ url })),
});
