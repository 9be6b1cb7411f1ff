// What becomes of a request on its way: a third of them do not simply pass.

import { setTimeout } from 'node:timers/promises';
import { again, answer, cutReply, cutRequest, delay, duplicate, type Fault, loseReply, pass, reset } from '../support/faulty-proxy.ts';

/** Of a hundred requests, so many; the others pass. */
export function weather(random: () => number): Fault {
  const upTo = (ms: number) => random() * ms;
  /** The collector takes it late and long after others of its tab, and nobody waits for that. */
  const overtaken: Fault = async (exchange) => {
    exchange.cut();
    await setTimeout(upTo(3_000));
    await exchange.forward();
  };
  const faults: [number, () => Fault][] = [
    [12, () => delay(upTo(300))],
    [6, () => loseReply],
    [4, () => cutReply],
    [4, () => cutRequest],
    [4, () => reset],
    [4, () => overtaken],
    [4, () => duplicate],
    [4, () => again(upTo(3_000))],
    [3, () => answer(503)],
    [1, () => answer(429, { 'retry-after': '1' })],
    [1, () => delay(upTo(3_000), loseReply)],
  ];
  return (exchange) => {
    let left = random() * 100;
    const [, fault] = faults.find(([share]) => (left -= share) < 0) ?? [0, () => pass];
    return fault()(exchange);
  };
}
