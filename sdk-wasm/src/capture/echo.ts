// A click on a label is followed by one on the label's field, which the browser makes: one click of the visitor's.

import { nearest } from './element.ts';
import { afterEvent } from './watch.ts';

/** Tells whether a click, by what it goes through, is but the echo of the one before. */
export const echoes = (): ((path: EventTarget[]) => boolean) => {
  let expected: EventTarget | null | undefined;
  return ([target]) => {
    const isEcho = !!target && target === expected;
    const label = !isEcho && target instanceof Element && (nearest(target, 'label') as HTMLLabelElement | null);
    expected = label ? label.control : undefined;
    // What stands in its own label is clicked itself.
    if (expected === target) expected = undefined;
    // Where the page prevents the echo, the next click there is the visitor's.
    if (expected) afterEvent(() => (expected = undefined));
    return isEcho;
  };
};
