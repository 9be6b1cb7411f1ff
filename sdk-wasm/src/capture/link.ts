// Links to other sites and to files, by whichever way they are followed: left or middle button, or key.

import type { Settings } from '../core.ts';
import { labelOf, nearest } from './element.ts';
import { afterEvent, type Report, type Watch } from './watch.ts';

const FILE =
  /\.(pdf|docx?|xlsx?|pptx?|txt|csv|epub|zip|rar|7z|t?gz|dmg|pkg|exe|msi|apk|iso|mp[34]|wav|avi|mov|wmv)$/i;

/** The site's own hosts are those below its name. */
export const watchLinks = (report: Report, { site, outbound, downloads }: Settings): Watch => {
  const follow = (event: MouseEvent, [target]: EventTarget[]) => {
    const link = target instanceof Element && (nearest(target, 'a,area') as (Element & { href: string & Partial<SVGAnimatedString> }) | null);
    // The right button follows nothing.
    if (!link || event.button > 1) return;
    const url = new URL(link.href.baseVal ?? link.href, document.baseURI);
    const isFile = link.hasAttribute('download') || FILE.test(url.pathname);
    const isElsewhere = url.host !== location.host && !`.${url.hostname}`.endsWith(`.${site}`);
    if (!/^http/.test(url.href) || (isFile ? downloads === false : outbound === false || !isElsewhere)) return;
    const text = labelOf(link);
    afterEvent(() => {
      // A page that prevents it does something else instead.
      if (event.defaultPrevented) return;
      // A file's query may hold what lets one have it.
      if (isFile) report({ download: { url: url.origin + url.pathname } }, event.timeStamp);
      else report({ outbound: { url: url.href, text } }, event.timeStamp);
    });
  };
  return { click: follow, auxclick: follow };
};
