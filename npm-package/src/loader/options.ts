import type { Core } from './core.ts';

/** What a tracker needs to know; every default is filled in. */
export type Settings = {
  site: string;
  /** Where batches go. */
  endpoint: string;
  /** How long events wait for company, in milliseconds. */
  interval: number;
  debug: boolean;
  /** Loads the core; called when the page is idle. */
  load: () => Promise<Core>;
};

export const DEFAULT_INTERVAL_MS = 60_000;
