// Counts of each step, one kind upon the other.

import { count } from '../text/format.ts';
import { useWidth } from './use-width.ts';

const height = 160;
const ground = 22;

export type StackedStep = { title: string; parts: readonly number[] };

type StackedProps = {
  steps: readonly StackedStep[];
  /** What the parts of a step are, from the ground up: what they are called, and the class of their colour. */
  kinds: readonly (readonly [title: string, look: string])[];
  label: string;
};

export function Stacked({ steps, kinds, label }: StackedProps) {
  const [host, width] = useWidth();
  const sums = steps.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0));
  const most = Math.max(1, ...sums);
  const slot = width / steps.length;
  const tall = (value: number) => (value / most) * (height - ground - 14);
  return (
    <div ref={host}>
      <svg class="stacked" width={width} height={height} role="img" aria-label={label}>
        <text class="most" x="0" y="10">{count(most)}</text>
        {steps.map(({ title, parts }, at) => {
          let top = height - ground;
          return (
            <g key={title}>
              <title>{[title, ...kinds.map(([name], kind) => `${name}: ${count(parts[kind] ?? 0)}`)].join('\n')}</title>
              <rect class="slot" x={at * slot} y={0} width={slot} height={height - ground} />
              {kinds.map(([name, look], kind) => {
                const size = tall(parts[kind] ?? 0);
                top -= size;
                return size === 0 ? null : <rect key={name} class={look} x={at * slot + slot * 0.1} y={top} width={slot * 0.8} height={size} />;
              })}
            </g>
          );
        })}
        <line class="ground" x1="0" x2={width} y1={height - ground + 0.5} y2={height - ground + 0.5} />
        <text class="name" x="0" y={height - 5}>{steps[0]?.title}</text>
        <text class="name" x={width} y={height - 5} text-anchor="end">{steps[steps.length - 1]?.title}</text>
      </svg>
      <ul class="stacked-key">{kinds.map(([name, look]) => <li key={name}><i class={look} aria-hidden="true" />{name}</li>)}</ul>
    </div>
  );
}
