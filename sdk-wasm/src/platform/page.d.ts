/** Whom the core's timers and requests are reported to. */
export type Told = {
  wake(): void;
  /** Status (0: no answer), seconds of `Retry-After`, and the answer's bytes where it is of 2xx. */
  done(id: number, result: number[]): void;
};

/** To be called before the core begins. */
export function attach(told: Told, endpoint: string, debug: boolean): void;

export function clock(): number;
export function wake(): void;
export function queued(kind: number, number: number): void;
/** `bytes` may be a view of memory that moves on. */
export function post(id: number, keepalive: boolean, events: number, bytes: Uint8Array): void;
