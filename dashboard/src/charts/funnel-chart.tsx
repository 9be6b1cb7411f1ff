// A funnel as columns: who came this far, and behind it who did not come along.

import type { FunnelStep } from '../../../edge-collector/api.d.ts';
import { brief, none, percent } from '../text/format.ts';
import { useWidth } from './use-width.ts';

const height = 260;
const top = 46;
const bottom = 26;

/** `name` is what a step is called. */
export function FunnelChart({ steps, name, label }: { steps: readonly FunnelStep[]; name: (step: FunnelStep) => string; label: string }) {
  const [host, width] = useWidth();
  const slot = width / steps.length;
  const column = Math.min(slot * 0.62, 150);
  const most = Math.max(1, steps[0]?.count ?? 0);
  const tall = (count: number) => (count / most) * (height - top - bottom);
  const letters = Math.max(4, Math.floor((slot - 8) / 7));
  return (
    <div ref={host}>
      <svg class="funnel-chart" width={width} height={height} role="img" aria-label={label}>
        {steps.map((step, place) => {
          const left = slot * place + (slot - column) / 2;
          const ground = height - bottom;
          const next = steps[place + 1];
          const title = name(step);
          return (
            <g key={place}>
              <rect class="ghost" x={left} y={top} width={column} height={ground - top} rx="6" />
              {next !== undefined && (
                <polygon class="slope" points={`${left + column},${ground - tall(step.count)} ${left + slot},${ground - tall(next.count)} ${left + slot},${ground} ${left + column},${ground}`} />
              )}
              <rect class="column" x={left} y={ground - tall(step.count)} width={column} height={tall(step.count)} rx={Math.min(6, tall(step.count) / 2)} />
              <text class="figure" x={left + column / 2} y={16} text-anchor="middle">{brief(step.count)}</text>
              <text class="share" x={left + column / 2} y={34} text-anchor="middle">{step.conversion_rate === null ? none : percent(step.conversion_rate)}</text>
              <text class="name" x={left + column / 2} y={height - 6} text-anchor="middle">{title.length > letters ? `${title.slice(0, letters - 1)}…` : title}<title>{title}</title></text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
