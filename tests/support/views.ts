// Every view of the dashboard and each of its parts, as an address names them.

const reports = ['funnel', 'journey', 'heatmap', 'scroll', 'exits', 'forms', 'search', 'events', 'retention'];
export const sections = ['install', 'site', 'saved', 'access', 'data', 'log', 'sites', 'account'];

export const views: readonly string[] = [
  'view=overview',
  ...reports.map((show) => `view=behaviour&show=${show}`),
  'view=commerce',
  'view=live',
  ...sections.map((show) => `view=settings&show=${show}`),
];
