// Builds dashboard/dist: index.html and assets whose names carry the hash of what is in them.

import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: 'es2022',
    // As of which light-dark() is known: it is served as it is written.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Browsers that lack it are older than the target.
    modulePreload: { polyfill: false },
    // The policy of the page allows no data: in styles, and what is small is cached as long as what is large.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // `npm run dev` against a collector that runs already.
  server: { proxy: { '/api': process.env.COLLECTOR ?? 'http://localhost:8787' } },
});
