// What a million events cost by Cloudflare's price list, beyond what a plan includes: docs/cost.md says where it stands.

/** Dollars. */
export const prices = {
  millionRequests: 0.3,
  millionCpuMs: 0.02,
  millionObjectRequests: 0.15,
  millionGbSeconds: 12.5,
  millionRowsWritten: 1,
  millionRowsRead: 0.001,
};

/** An object is billed for this much memory while it works. */
const objectGb = 0.128;

/** What a batch takes, as measured. */
export type Batch = {
  events: number;
  cpuMs: number;
  objectRequests: number;
  /** Milliseconds of an object's time, on the clock. */
  objectMs: number;
  rowsWritten: number;
  rowsRead: number;
};

/** Dollars for a million events, line by line. */
export function perMillionEvents(batch: Batch): Record<string, number> {
  const batches = 1e6 / batch.events;
  const of = (price: number, count: number) => (batches * count * price) / 1e6;
  return {
    requests: of(prices.millionRequests, 1),
    cpu: of(prices.millionCpuMs, batch.cpuMs),
    object_requests: of(prices.millionObjectRequests, batch.objectRequests),
    object_duration: of(prices.millionGbSeconds, (batch.objectMs / 1000) * objectGb),
    rows_written: of(prices.millionRowsWritten, batch.rowsWritten),
    rows_read: of(prices.millionRowsRead, batch.rowsRead),
  };
}
