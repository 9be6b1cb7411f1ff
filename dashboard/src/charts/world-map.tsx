// Countries, the darker the more there is of them. Loaded when it is shown: the outlines are as much as a view.

import { brief, valueName } from '../text/format.ts';
import { text } from '../text/index.ts';
import { useWidth } from './use-width.ts';
import { dots, outlines, size } from './world.ts';

export type WorldMapProps = {
  /** By ISO 3166-1 code. */
  values: ReadonlyMap<string, number>;
  label: string;
  isPicked: (code: string) => boolean;
  onPick: (code: string) => void;
};

const [worldWidth, worldHeight] = size;
const legend = { steps: 5, width: 22, height: 8 };
const dotRadius = 3;

/** Few are to be seen beside many: the root, not the count. */
const shade = (part: number) => 0.16 + 0.84 * Math.sqrt(part);

export function WorldMap({ values, label, isPicked, onPick }: WorldMapProps) {
  const [host, width] = useWidth();
  const scale = width / worldWidth;
  const most = Math.max(1, ...[...values].filter(([code]) => code in outlines || code in dots).map(([, value]) => value));
  // The table beside it does the same by keyboard, and tells the same to whoever does not see it.
  const country = (code: string) => {
    const value = values.get(code) ?? 0;
    if (value === 0) return { class: 'land' };
    return { class: `land land-visited ${isPicked(code) ? 'land-picked' : ''}`, 'fill-opacity': shade(value / most), onClick: () => onPick(code) };
  };
  const name = (code: string) => <title>{`${valueName('visit:country', code)}: ${brief(values.get(code) ?? 0)}`}</title>;
  return (
    <div ref={host} class="world-host">
      <svg class="world" role="img" aria-label={label} width={width} height={worldHeight * scale} viewBox={`0 0 ${width} ${worldHeight * scale}`}>
        <g transform={`scale(${scale})`}>
          {Object.entries(outlines).map(([code, path]) => <path key={code} data-code={code} d={path} {...country(code)}>{name(code)}</path>)}
          {Object.entries(dots).filter(([code]) => values.has(code)).map(([code, [x, y]]) => (
            <circle key={code} data-code={code} cx={x} cy={y} r={dotRadius / scale} {...country(code)}>{name(code)}</circle>
          ))}
        </g>
        <Legend most={most} height={worldHeight * scale} />
      </svg>
    </div>
  );
}

function Legend({ most, height }: { most: number; height: number }) {
  const top = height - legend.height - 4;
  return (
    <g class="legend">
      {Array.from({ length: legend.steps }, (_, place) => (
        <rect key={place} class="land-visited" x={place * legend.width} y={top} width={legend.width} height={legend.height} fill-opacity={shade(((place + 0.5) / legend.steps) ** 2)} />
      ))}
      <text x="0" y={top - 5}>1</text>
      <text x={legend.steps * legend.width} y={top - 5} text-anchor="end">{brief(most)}</text>
      <text x={legend.steps * legend.width + 8} y={top + legend.height}>{text.metrics.visitors}</text>
    </g>
  );
}
