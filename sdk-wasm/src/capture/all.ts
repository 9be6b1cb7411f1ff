// Everything that is watched of a page but the page views themselves, which the loader sees.

import type { Host } from '../core.ts';
import { watchClicks } from './click.ts';
import { echoes } from './echo.ts';
import { watchErrors } from './error.ts';
import { watchForms } from './form.ts';
import { watchLinks } from './link.ts';
import { watchScroll } from './scroll.ts';
import { watchSearch } from './search.ts';
import { watchTagged } from './tagged.ts';
import { watchVitals } from './vital.ts';
import { type Hear, hearFor, settle } from './watch.ts';

const SOURCES = { clicks: watchClicks, forms: watchForms, vitals: watchVitals, errors: watchErrors };

/** Watches a page from now on. To be called when its first page view was reported. */
export const watchAll = (host: Host): Hear => {
  const { report, settings } = host;
  const scroll = watchScroll(settings.scroll);
  host.scroll = scroll;
  const isEcho = echoes();
  const hear = hearFor([
    scroll,
    { turn: settle, pagehide: settle, visibilitychange: settle },
    ...Object.entries(SOURCES).map(([name, watch]) => (settings[name as keyof typeof SOURCES] === false ? {} : watch(report))),
    watchLinks(report, settings),
    watchTagged(report),
    watchSearch(report, settings.search),
  ]);
  return (type, event, path) => {
    if (type !== 'click' || !isEcho(path!)) hear(type, event, path);
  };
};
