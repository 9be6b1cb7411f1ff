// A static server answers a reload of /demo/app/orders from a folder and adds a slash. It goes before the tracker starts, so that
// one view has one address. Classic script, before the tracker's tag.
if (/\/app\/.+\/$/.test(location.pathname)) {
  history.replaceState(history.state, '', location.pathname.slice(0, -1) + location.search + location.hash);
}
