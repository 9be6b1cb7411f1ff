// The last minutes as columns, the newest at the end.

import { brief } from '../text/format.ts';
import { useWidth } from './use-width.ts';

const height = 140;

export function Minutes({ values, label }: { values: readonly number[]; label: string }) {
  const [host, width] = useWidth();
  const most = Math.max(1, ...values);
  const slot = width / values.length;
  return (
    <div ref={host}>
      <svg class="minutes" width={width} height={height} role="img" aria-label={label}>
        {values.map((value, place) => {
          const tall = Math.max(2, (value / most) * (height - 8));
          return (
            <rect key={place} class={value === 0 ? 'none' : undefined} x={place * slot + 1} y={height - tall} width={Math.max(1, slot - 2)} height={tall} rx={Math.min(3, slot / 4)}>
              <title>{brief(value)}</title>
            </rect>
          );
        })}
      </svg>
    </div>
  );
}
