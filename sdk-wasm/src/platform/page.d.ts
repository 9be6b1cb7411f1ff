/** Whom the core's timers and requests are reported to. */
export type Told = {
  wake(): void;
  /** Status (0: no answer), seconds of `Retry-After`, and the answer's bytes where it is of 2xx. */
  done(id: number, result: number[]): void;
};

/** What the core calls. `bytes` may be a view of memory that moves on. */
export type Platform = {
  clock(): number;
  /** In so many milliseconds `told.wake` is called, and not when it was to be before. */
  wakeIn(delay: number): void;
  /** `count` events from this number on need not be kept any longer. */
  settled(first: number, count: number): void;
  post(id: number, keepalive: boolean, events: number, bytes: Uint8Array): void;
};

export function platform(told: Told, settings: { endpoint: string; debug: boolean }): Omit<Platform, 'settled'>;
