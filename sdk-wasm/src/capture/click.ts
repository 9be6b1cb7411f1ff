// Clicks and taps. Only watched, never held up; no size is read that the browser would have to work out.

import type { Host } from '../core.ts';
import { pathOf } from './element.ts';
import type { Extent } from './scroll.ts';

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

/** A place as ten-thousandths of a length. */
const myriad = (place: number, length: number): number => Math.min(Math.max((place / length) * 10_000, 0), 10_000) | 0;

/** Gives what is to be called for each click. */
export const watchClicks = (report: Host['report'], extentNow: () => Extent): ((event: MouseEvent) => void) => {
  let told = extentNow().slice(0, 2);
  return ({ target, timeStamp, clientX, clientY, pageX, pageY }) => {
    if (!(target instanceof Element)) return;
    const [width, height, pageWidth, pageHeight] = extentNow() as [number, number, number, number];
    if (`${told}` !== `${[width, height]}`) report({ resize: (told = [width, height]) }, timeStamp);
    const control = target.closest(CONTROLS);
    const element = control ?? target;
    // Whether the element, or what it stands in, stays in place when the page scrolls.
    let fixed = false;
    for (let e: Element | null = target; e && !fixed; e = e.parentElement) fixed = /fixed|sticky/.test(getComputedStyle(e).position);
    const x_myriad = fixed ? myriad(clientX, width) : myriad(pageX, pageWidth);
    const y_myriad = fixed ? myriad(clientY, height) : myriad(pageY, pageHeight);
    report({ click: { element: pathOf(element), text: labelOf(element, !!control), x_myriad, y_myriad, flags: +fixed } }, timeStamp);
  };
};
