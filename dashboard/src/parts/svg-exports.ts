// Saving the picture that a panel shows.

import { saveSvg } from '../charts/png.ts';
import { text } from '../text/index.ts';
import type { Export } from './panel.tsx';

/** The first chart in the panel of this title, as PNG. */
export function pngOf(title: string): Export {
  return {
    label: text.actions.png,
    run: () => {
      const svg = document.querySelector<SVGSVGElement>(`section[aria-label="${CSS.escape(title)}"] .panel-body svg`);
      if (svg !== null) void saveSvg(svg, title);
    },
  };
}
