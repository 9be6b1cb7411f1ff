// Where a page was clicked: its outline, and on it a grid whose cells are the warmer the more clicks they had.

import type { HeatmapCell } from '../../../edge-collector/api.d.ts';
import { brief } from '../text/format.ts';
import { say, text } from '../text/index.ts';

export type ClickKind = 'clicks' | 'rage' | 'dead';
type HeatProps = { cells: readonly HeatmapCell[]; columns: number; rows: number; kind: ClickKind; isPhone: boolean; label: string };

/** How tall a page is drawn: its real height is not known, only how far down it a click was. */
const shape = { phone: [300, 640], other: [720, 860] } as const;

export function Heat({ cells, columns, rows, kind, isPhone, label }: HeatProps) {
  const [width, height] = isPhone ? shape.phone : shape.other;
  const [across, down] = [width / columns, height / rows];
  const warm = cells.filter((cell) => cell[kind] > 0);
  const most = Math.max(1, ...warm.map((cell) => cell[kind]));
  return (
    <svg class="heat" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <rect class="page" x="0.5" y="0.5" width={width - 1} height={height - 1} rx="8" />
      {[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((part) => (
        <g class="depth" key={part}>
          <line x1="0" x2={width} y1={height * part} y2={height * part} />
          <text x={width - 8} y={height * part - 5} text-anchor="end">{Math.round(part * 100)}%</text>
        </g>
      ))}
      {warm.map((cell) => (
        // Few clicks are to be seen beside many: the root, not the count.
        <rect key={`${cell.x} ${cell.y} ${cell.fixed}`} class={cell.fixed ? 'spot spot-fixed' : 'spot'} x={cell.x * across} y={cell.y * down} width={across} height={down} rx="2" fill-opacity={0.2 + 0.8 * Math.sqrt(cell[kind] / most)}>
          <title>{say(text.behaviour.clicksHere, { count: brief(cell[kind]) })}</title>
        </rect>
      ))}
    </svg>
  );
}
