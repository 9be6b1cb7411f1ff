// How far down a page people came: from top to bottom, the wider the more of them.

import type { PageScroll } from '../../../edge-collector/api.d.ts';
import { percent } from '../text/format.ts';
import { useWidth } from './use-width.ts';

const height = 420;
const gutter = 46;

export function Reach({ reached, label }: { reached: PageScroll['reached']; label: string }) {
  const [host, width] = useWidth();
  const bar = height / reached.length;
  const room = width - gutter - 60;
  return (
    <div ref={host}>
      <svg class="reach" width={width} height={height} role="img" aria-label={label}>
        {reached.map(({ percent: depth, share }, place) => {
          const wide = ((share ?? 0) / 100) * room;
          return (
            <g key={depth}>
              <rect x={gutter} y={place * bar} width={Math.max(wide, 1)} height={Math.max(bar - 1, 1)} fill-opacity={0.25 + 0.75 * ((share ?? 0) / 100)} />
              {depth % 25 === 0 && <text class="name" x={gutter - 8} y={place * bar + bar / 2} text-anchor="end" dominant-baseline="central">{depth}%</text>}
              {(depth % 25 === 0 || place === 0) && <text class="share" x={gutter + wide + 8} y={place * bar + bar / 2} dominant-baseline="central">{percent(share ?? 0)}</text>}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
