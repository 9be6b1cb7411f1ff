// Clicks and taps. Only watched, never held up; no size is read that the browser would have to work out.

import type { Tell } from '../tell.ts';
import { CLICK } from '../what.ts';
import { pathOf } from './element.ts';

/** What people mean to click when they hit something inside it. */
const CONTROLS = 'a,button,summary,label,input,select,textarea,[role=button]';

/** What holds text that its visitor wrote or chose. */
const FIELDS = 'input,select,textarea,[contenteditable]';

const MAX_CHARS = 40;

/** The element's label. None of a part of the page that only holds others, nor what a visitor wrote. */
const labelOf = (element: Element, isControl: boolean): string =>
  (isControl || !element.childElementCount) && !element.closest(FIELDS)
    ? [...element.textContent!.slice(0, 8 * MAX_CHARS).trim().replace(/\s+/g, ' ')].slice(0, MAX_CHARS).join('')
    : '';

export const onClick = (tell: Tell, event: MouseEvent, at?: number): void => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  const control = target.closest(CONTROLS);
  const element = control ?? target;
  // Whether the element, or what it stands in, stays in place when the page scrolls.
  let fixed = false;
  for (let e: Element | null = target; e && !fixed; e = e.parentElement) fixed = /fixed|sticky/.test(getComputedStyle(e).position);
  tell(
    CLICK,
    [pathOf(element), labelOf(element, !!control)],
    fixed ? [1, event.clientX, event.clientY] : [0, event.pageX, event.pageY],
    at,
  );
};
