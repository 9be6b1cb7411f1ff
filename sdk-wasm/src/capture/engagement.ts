// Whether somebody looks at the page, and when it may be about to vanish.

import { listen, type Tell } from '../tell.ts';
import { ATTEND, LEAVE } from '../what.ts';
import { tellTitle } from './page.ts';

/** Watches from now on. Gives a function that looks anew, for a page that comes back is looked at again. */
export const watchEngagement = (tell: Tell): (() => void) => {
  const onLeave = () => {
    tellTitle(tell);
    tell(LEAVE);
  };
  const onAttention = () => {
    if (document.hidden) onLeave();
    else tell(ATTEND, [], [+document.hasFocus()]);
  };
  listen(onAttention, 'focus', 'blur', 'visibilitychange');
  // The page is still visible at this point, and gone a moment later.
  listen(onLeave, 'pagehide');
  onAttention();
  return onAttention;
};
