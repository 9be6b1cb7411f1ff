// Saving the picture that a panel shows.

import { saveSvg } from '../charts/png.ts';
import { text } from '../text/index.ts';
import type { Export } from './panel.tsx';

/** The first chart in the panel of this title, as PNG. What is hidden from screen readers is no chart. */
export function pngOf(title: string): Export {
  return {
    label: text.actions.png,
    run: () => {
      const svg = document.querySelector<SVGSVGElement>(`section[aria-label="${CSS.escape(title)}"] svg:not([aria-hidden])`);
      if (svg !== null) void saveSvg(svg, title);
    },
  };
}
