// The site's own search: what the address of its page says was looked for.

import type { Report, Watch } from './watch.ts';

/** Query parameters that commonly hold it. */
const NAMES = 'q,query,s,search,keyword';

/** Of these parameters, which may be a text with commas, the first that holds something counts; `false` stands for none. */
export const watchSearch = (report: Report, names: string[] | string | boolean = true): Watch => ({
  shown() {
    const parameters = new URLSearchParams(location.search);
    const texts = `${names === true ? NAMES : names || ''}`.split(',').map((name) => parameters.get(name)?.trim());
    const terms = texts.find(Boolean);
    if (terms) report({ search: { terms } });
  },
});
