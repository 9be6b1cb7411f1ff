// Clicks and taps. Only watched, never held up. What is known of one only later is waited for: whether anything came of it,
// and whether its element stays in place when the page scrolls, which is looked up after the next layout.

import { labelOf, nearest, pathOf } from './element.ts';
import { extent } from './scroll.ts';
import { afterLayout, type Report, type Watch } from './watch.ts';

/** What people mean to click when they hit something inside it. */
const CONTROLS = 'a,button,summary,label,input,select,textarea,[role=button]';

/** What a click acts on without a change of the document that could be seen. */
const SILENT =
  'a,area,label,select,textarea,input:not([type=button],[type=submit],[type=image]),audio,video,[contenteditable]';

/** The contract's flags. */
const FIXED = 1;
const RAGE = 2;
const DEAD = 4;

/** How near in time and place a click is to the one before in a burst, and which of a burst is the first in rage. */
const BURST_MS = 1_000;
const BURST_PX = 30;
const RAGE_FROM = 3;

/** How long a change may take to come of a click, and how soon all else must follow. */
const DEAD_AFTER_MS = 2_500;
const SOON_MS = 100;

const CHANGES = { subtree: true, childList: true, attributes: true, characterData: true };

type Click = {
  at: number;
  path: EventTarget[];
  element: string;
  text: string;
  flags: number;
  /** As `placesOf` has it. A key has none of its own: it takes that of its element. */
  places?: number[] | undefined;
  /** Nothing has come of it yet. */
  open: boolean;
  /** Until when what follows but changes comes of it. Before the next layout that is open: what it scrolled is announced then. */
  soon?: number;
};

/** Whether an element, or what it stands in, stays in place when the page scrolls. */
const isFixed = (path: EventTarget[]): boolean =>
  path.some((part) => part instanceof Element && /fixed|sticky/.test(getComputedStyle(part).position));

/** Places across and down as fractions, on the page and then in the window, of those in pixels. */
const placesOf = (...pixels: number[]): number[] => pixels.map((pixel, i) => pixel / extent[(i + 2) % 4]!);

const middleOf = (element: Element): number[] => {
  const box = element.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  return placesOf(x + scrollX, y + scrollY, x, y);
};

export const watchClicks = (report: Report): Watch => {
  const pending = new Set<Click>();
  /** What is known of elements that were clicked, or are about to be. */
  const known = new WeakMap<EventTarget, { isInPlace: boolean; middle: number[] }>();
  const changes = new MutationObserver(() => enliven(true));
  let last: MouseEvent | undefined;
  let burst = 0;
  let [width, height] = extent;

  const send = (click: Click, flags = click.flags) => {
    if (!pending.delete(click)) return;
    if (!pending.size) changes.disconnect();
    const { at, path, element, text } = click;
    const { isInPlace, middle } = known.get(path[0]!) ?? look(path);
    const places = (click.places ?? middle).slice(isInPlace ? 2 : 0);
    const [x_myriad, y_myriad] = places.map((place) => Math.min(Math.max(0, place) * 1e4, 1e4));
    report({ click: { element, text, x_myriad, y_myriad, flags: isInPlace ? flags | FIXED : flags } }, at);
  };
  const sendAll = () => {
    for (const click of pending) send(click);
  };
  const look = (path: EventTarget[]) => {
    const [target] = path;
    const seen = { isInPlace: isFixed(path), middle: middleOf(target as Element) };
    known.set(target!, seen);
    return seen;
  };
  const lookAll = () => {
    for (const click of pending) {
      if (!known.has(click.path[0]!)) look(click.path);
      if (!click.open) send(click);
      else if (!click.soon) {
        click.soon = click.at + SOON_MS;
        setTimeout(() => send(click, click.open ? click.flags | DEAD : click.flags), click.at + DEAD_AFTER_MS - performance.now());
      }
    }
  };
  /** Something has come of clicks. */
  const enliven = (isChange?: unknown) => {
    if (!pending.size) return;
    for (const click of pending) if (isChange === true || !(performance.now() > click.soon!)) click.open = false;
    afterLayout(lookAll);
  };
  // So that it is known by the click: afterwards the element may be gone.
  const aim = (_: Event, path: EventTarget[]) => afterLayout(() => look(path));

  return {
    pointerdown: aim,
    focusin(event, path) {
      enliven();
      aim(event, path);
    },
    click(event, path) {
      const [target] = path;
      if (!(target instanceof Element)) return;
      if (extent[0] !== width || extent[1] !== height) {
        [width, height] = extent;
        report({ resize: [width, height] }, event.timeStamp);
      }
      const { timeStamp: at, clientX: x, clientY: y } = event;
      const isNear = last && at - last.timeStamp <= BURST_MS && Math.hypot(x - last.clientX, y - last.clientY) <= BURST_PX;
      // Keys have no place, and may be held down.
      burst = isNear && event.detail ? burst + 1 : 1;
      last = event;
      const control = nearest(target, CONTROLS);
      const element = control ?? target;
      const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
      // One that the loader recorded is over: what came of it was not seen.
      const open = !!event.eventPhase && !hasModifier && !nearest(target, SILENT) && !!nearest(target, 'body *');
      const click: Click = {
        at,
        path,
        element: pathOf(element),
        // A part of the page that only holds others has no label.
        text: control || !target.childElementCount ? labelOf(element) : '',
        flags: burst < RAGE_FROM ? 0 : RAGE,
        places: event.detail || x || y ? placesOf(event.pageX, event.pageY, x, y) : undefined,
        open,
      };
      pending.add(click);
      if (open) {
        // The document, and the shadow trees that the click came through.
        for (const part of path) if (part instanceof Document || part instanceof ShadowRoot) changes.observe(part, CHANGES);
      }
      afterLayout(lookAll);
    },
    scroll: enliven,
    selectionchange: enliven,
    submit: enliven,
    invalid: enliven,
    blur: enliven,
    turn: sendAll,
    pagehide: sendAll,
    visibilitychange: sendAll,
  };
};
