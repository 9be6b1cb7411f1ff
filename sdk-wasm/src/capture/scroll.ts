// How far a page is seen. Its height comes from an observer that the browser calls after layout, so that images that load
// late and lists that grow count, and scrolling costs no layout.

import type { Host } from '../core.ts';
import { listen } from '../tell.ts';

/** Width and height of the window, then of the page. */
export type Extent = number[];

/** Gives the sizes of the last layout. */
export const watchScroll = (host: Host): (() => Extent) => {
  let extent: Extent = [];
  /** The lowest edge that was in the window. In pixels, for the page may grow. */
  let seenTo = 0;
  const onScroll = () => (seenTo = Math.max(seenTo, scrollY + extent[1]!));
  const onLayout = () => {
    const { scrollWidth, scrollHeight } = document.documentElement;
    extent = [innerWidth, innerHeight, Math.max(scrollWidth, innerWidth), Math.max(scrollHeight, innerHeight)];
    onScroll();
  };
  onLayout();
  const observer = new ResizeObserver(onLayout);
  // Where a style sheet fixes the root's height, it is the body that grows.
  observer.observe(document.documentElement);
  if (document.body) observer.observe(document.body);
  listen(onLayout, 'resize');
  listen(onScroll, 'scroll');
  host.scroll = {
    // Browsers round places and heights differently: a pixel does not keep a page from its end.
    percent: () => ((seenTo + 1) / extent[3]!) * 100,
    // Its address often comes before its content, so how far the page before was scrolled says nothing.
    turn: () => (seenTo = extent[1]!),
  };
  return () => extent;
};
