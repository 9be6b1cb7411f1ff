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
import { type Hear, hearFor, pause, settle, type Watch } from './watch.ts';

const SOURCES = { clicks: watchClicks, forms: watchForms, vitals: watchVitals, errors: watchErrors };

/** Watches a page from now on. To be called when its first page view was reported. */
export const watchAll = async (host: Host): Promise<Hear> => {
  const { report, settings } = host;
  const { percent, ...scroll } = watchScroll(settings.scroll);
  host.percent = percent;
  const isEcho = echoes();
  const watched: Watch[] = [];
  for (const [name, watch] of Object.entries(SOURCES)) {
    await pause();
    if (settings[name as keyof typeof SOURCES] !== false) watched.push(watch(report));
  }
  await pause();
  const hear = hearFor([
    scroll,
    { turn: settle, pagehide: settle, visibilitychange: settle },
    ...watched,
    watchLinks(report, settings),
    watchTagged(report),
    watchSearch(report, settings.search),
  ]);
  return (type, event, path) => {
    if (type !== 'click' || !isEcho(path!)) hear(type, event, path);
  };
};
