// What every bundle of the package has in common.

// Folds and names what esbuild, which bundles and reads TypeScript, leaves as it is: 7 % fewer bytes after brotli.
import { minify } from 'terser';

/**
 * Properties that the loader and the core call each other by, and what they are called in the bundles: no minifier may
 * choose, since each has to choose the same. Nothing else in them is called so, be it a browser's, a site's or the contract's.
 */
export const NAMES = {
  alone: 'a', hear: 'h', heard: 'd', leave: 'l', passed: 'p', percent: 'f', report: 'r', settings: 'e', shape: 's', take: 't',
};

export const COMMON = {
  bundle: true,
  target: 'es2020',
  // Modules are strict without saying so.
  tsconfigRaw: '{}',
  mangleProps: new RegExp(`^(${Object.keys(NAMES).join('|')})$`),
  mangleCache: NAMES,
  logLevel: 'warning',
  legalComments: 'none',
};

/** A bundle, as small as it goes. `first` is a line that stands before it. */
export const squeeze = async (code, { module = false, first = '' } = {}) => {
  const squeezed = await minify(code, {
    module,
    toplevel: true,
    ecma: 2020,
    compress: { passes: 3 },
    format: { preamble: first },
  });
  return squeezed.code;
};
