// Whether what is unsent may outlive its page.

/** Where it stands in storage: one entry for each page that has left something. */
export const KEY = 'passerby.unsent.';

/** The visitor agreed to an id of their own, or the site decided so; and the visitor is not out. */
export const mayKeep = ({ persist }: { persist: boolean }): boolean => {
  try {
    return !localStorage['passerby.out'] && !!(persist || localStorage['passerby.id']);
  } catch {
    return false;
  }
};

/** Erases what pages have left. */
export const forget = (): void => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(KEY)) delete localStorage[key];
  } catch {}
};
