// What a page does with the trackers of Plausible (both) and PostHog. Bundled by the test, which says where they send.
import { init, track } from '@plausible-analytics/tracker';
import Plausible from 'plausible-tracker';
import posthog from 'posthog-js';

window.begin = {
  plausible(url, domain) {
    init({ domain, endpoint: `${url}/api/event`, captureOnLocalhost: true });
    track('bought', { props: { size: 'L' }, revenue: { amount: 12.5, currency: 'EUR' } });
  },
  plausibleTracker(url, domain) {
    const { trackPageview, trackEvent } = Plausible({ domain, apiHost: url, trackLocalhost: true });
    trackPageview();
    trackEvent('bought', { props: { size: 'L' } });
  },
  posthog(url, key) {
    posthog.init(key, { api_host: url, autocapture: true, capture_pageleave: false, opt_out_useragent_filter: true });
    posthog.capture('bought', { size: 'L' });
    posthog.identify('user-7', { plan: 'pro' });
  },
};
