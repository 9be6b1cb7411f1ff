// Where a page was clicked: a grid whose cells are the warmer the more clicks they had, over the page itself or, where that is
// not shown, over boxes of what was clicked.

import type { ElementPlace, HeatmapCell } from '../../../edge-collector/api.d.ts';
import { brief } from '../text/format.ts';
import { say, text } from '../text/index.ts';

export type ClickKind = 'clicks' | 'rage' | 'dead';
/** An element, and what it says. */
export type NamedPlace = ElementPlace & { text: string };

type HeatProps = {
  cells: readonly HeatmapCell[];
  columns: number;
  rows: number;
  kind: ClickKind;
  /** As it is drawn; `screen` is how much of the height a window shows. */
  width: number;
  height: number;
  screen: number;
  /** What is drawn in the place of the page; none, where the page is under it. */
  boxes?: readonly NamedPlace[] | undefined;
  label: string;
};

const whole = 10_000;

export function Heat({ cells, columns, rows, kind, width, height, screen, boxes, label }: HeatProps) {
  const warm = cells.filter((cell) => cell[kind] > 0);
  const most = Math.max(1, ...warm.map((cell) => cell[kind]));
  return (
    <svg class={boxes === undefined ? 'heat heat-over' : 'heat'} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <rect class="page" x="0.5" y="0.5" width={width - 1} height={height - 1} rx="8" />
      {boxes?.map((box) => <Box key={box.element} box={box} width={width} height={height} />)}
      {warm.map((cell) => {
        // What does not scroll was clicked somewhere in the window.
        const down = (cell.fixed ? screen : height) / rows;
        return (
          // Few clicks are to be seen beside many: the root, not the count.
          <rect key={`${cell.x} ${cell.y} ${cell.fixed}`} class={cell.fixed ? 'spot spot-fixed' : 'spot'} x={cell.x * width / columns} y={cell.y * down} width={width / columns} height={down} rx="2" fill-opacity={0.2 + 0.7 * Math.sqrt(cell[kind] / most)}>
            <title>{say(text.behaviour.clicksHere, { count: brief(cell[kind]) })}</title>
          </rect>
        );
      })}
      {boxes?.map((box) => <Name key={box.element} box={box} width={width} height={height} />)}
    </svg>
  );
}

/** No smaller than something that can be pressed. */
const least = { width: 36, height: 18 };
const letterWidth = 6.4;

function placeOf({ left, top, right, bottom }: NamedPlace, width: number, height: number) {
  const across = (myriad: number) => (myriad / whole) * width;
  const down = (myriad: number) => (myriad / whole) * height;
  const size = { width: Math.max(least.width, across(right - left)), height: Math.max(least.height, down(bottom - top)) };
  return { ...size, x: across((left + right) / 2), y: down((top + bottom) / 2) };
}

function Box({ box, width, height }: { box: NamedPlace; width: number; height: number }) {
  const at = placeOf(box, width, height);
  return <rect class="box" x={at.x - at.width / 2} y={at.y - at.height / 2} width={at.width} height={at.height} rx="4" />;
}

/** What is in a box, as far as there is room, over the clicks. */
function Name({ box, width, height }: { box: NamedPlace; width: number; height: number }) {
  const at = placeOf(box, width, height);
  const name = box.text === '' ? box.element : box.text;
  const letters = Math.floor((at.width - 8) / letterWidth);
  return (
    <text class="box-name" x={at.x} y={at.y} text-anchor="middle" dominant-baseline="central">
      <title>{name}</title>
      {letters <= 2 ? '' : name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
    </text>
  );
}
