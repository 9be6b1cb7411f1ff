// Events that the page's HTML names: `<button data-passerby-event="Signup" data-passerby-plan="pro">`.

import { attribute, nearest, own } from './element.ts';
import type { Report, Watch } from './watch.ts';

const TAG = 'data-passerby-';
const EVENT = TAG + 'event';

/** The event of this element, if its HTML names one, with the other attributes as its properties. */
export const reportTagged = (report: Report, element: Element, at?: number): void => {
  const name = attribute(element, EVENT);
  if (!name) return;
  const props: Record<string, string> = {};
  for (const tag of own(element, 'attributes')) {
    if (tag.name !== EVENT && tag.name.startsWith(TAG)) props[tag.name.slice(TAG.length)] = tag.value;
  }
  report({ custom: { name, props } }, at);
};

export const watchTagged = (report: Report): Watch => ({
  click({ timeStamp }, [target]) {
    const element = target instanceof Element && nearest(target, `[${EVENT}]`);
    // A form's is for when it is sent (form.ts).
    if (element && !(element instanceof HTMLFormElement)) reportTagged(report, element, timeStamp);
  },
});
