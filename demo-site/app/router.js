// Client-side navigation between the views of the account: history.pushState forward, popstate back.
const BASE = '/demo/app/';

function viewName(path) {
  return path.startsWith(BASE) ? path.slice(BASE.length).replace(/\/$/, '') : '';
}

/** Calls `show(name, isFirst)` for the view of the address now and after every navigation. */
export function startRouter(show) {
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-view]');
    const opensElsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || opensElsewhere) return;
    event.preventDefault();
    if (link.pathname === location.pathname) return;
    history.pushState(null, '', link.pathname);
    show(viewName(location.pathname), false);
    scrollTo(0, 0);
  });
  addEventListener('popstate', () => show(viewName(location.pathname), false));
  show(viewName(location.pathname), true);
}
