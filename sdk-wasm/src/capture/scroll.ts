// How far a page is seen. Its height comes from an observer that the browser calls after layout, so that images that load
// late and lists that grow count, and scrolling costs no layout.

import { listen, type Tell } from '../tell.ts';
import { LAYOUT, SCROLL } from '../what.ts';

/** Reads sizes. Lays the page out first if it must, so only for where that is done anyway. */
export const sizes = (): number[] => {
  const { scrollWidth, scrollHeight } = document.documentElement;
  return [innerWidth, innerHeight, scrollWidth, scrollHeight];
};

export const watchScroll = (tell: Tell): void => {
  const onLayout = () => tell(LAYOUT, [], [...sizes(), scrollY]);
  const observer = new ResizeObserver(onLayout);
  // Where a style sheet fixes the root's height, it is the body that grows.
  observer.observe(document.documentElement);
  if (document.body) observer.observe(document.body);
  listen(onLayout, 'resize');
  listen(() => tell(SCROLL, [], [scrollY]), 'scroll');
};
