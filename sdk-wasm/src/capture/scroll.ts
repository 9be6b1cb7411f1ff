// How far a page is seen. Sizes are read only right after the browser's own layout: when an observer says that the page has
// another size, so that images that load late and lists that grow count, and in the frame that follows a scroll.

import { afterLayout, attempt, type Watch } from './watch.ts';

/** Width and height of the window, then of the page, after the last layout. */
export let extent: number[] = [0, 0, 0, 0];

/** `selector` names what scrolls on pages where that is not the window. */
export const watchScroll = (selector?: string): Watch & { percent(): number } => {
  /** The lowest edge that was in the window, from the top of the page. The page may grow yet, so it is no part of it. */
  let seenTo = 0;
  let windowHeight = 0;
  let pageHeight = 0;

  const measure = () => {
    const page = document.scrollingElement ?? document.documentElement;
    extent = [innerWidth, innerHeight, page.scrollWidth, page.scrollHeight];
    let box: Element | null | undefined;
    // It may be no selector at all.
    attempt(() => selector && (box = document.querySelector(selector)));
    const { scrollTop, clientHeight, scrollHeight } = box ?? page;
    windowHeight = box ? clientHeight : innerHeight;
    pageHeight = scrollHeight;
    seenTo = Math.max(seenTo, scrollTop + windowHeight);
  };
  measure();
  const observer = new ResizeObserver(measure);
  // Where a style sheet fixes the root's height, it is the body that grows.
  for (const part of [document.documentElement, document.body]) if (part) observer.observe(part);
  const measureSoon = () => afterLayout(measure);

  return {
    resize: measureSoon,
    scroll: measureSoon,
    percent() {
      // Nobody says when the content of a box grows, so that is looked at once more.
      if (selector) measure();
      // Browsers round places and heights differently: a pixel does not keep a page from its end.
      return ((seenTo + 1) / pageHeight) * 100;
    },
    turn() {
      // The address often comes before the content: how far the page before was scrolled says nothing.
      seenTo = windowHeight;
    },
  };
};
