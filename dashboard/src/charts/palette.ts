// Colours for what is drawn on a canvas: those of the style sheet, in the scheme that is shown.

import { useEffect, useState } from 'preact/hooks';

export type Palette = { line: string; fill: string; before: string; grid: string; label: string; surface: string; ink: string };

function read(): Palette {
  // A canvas knows neither variables nor light-dark(); the computed colour of an element is neither.
  const probe = document.createElement('i');
  document.body.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    line: colour('accent'), fill: colour('accent-wash'), before: colour('before'), grid: colour('rule'), label: colour('ink-soft'),
    surface: colour('surface'), ink: colour('ink'),
  };
  probe.remove();
  return palette;
}

/** The palette, again when the scheme changes. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(read);
  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const onChange = () => setPalette(read());
    scheme.addEventListener('change', onChange);
    return () => scheme.removeEventListener('change', onChange);
  }, []);
  return palette;
}
