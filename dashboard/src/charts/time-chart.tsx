// A series over time and what it is compared with, by uPlot. The pointer or the arrow keys read single points.

import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Interval } from '../state/dates.ts';
import { tick } from '../text/format.ts';
import { type Palette, usePalette } from './palette.ts';

export type Point = { ms: number; value: number | null };
type Series = readonly Point[];

export type TimeChartProps = {
  label: string;
  current: Series;
  /** As many points as there are of what it is compared with, each under the one at its place. */
  before?: Series | undefined;
  interval: Interval;
  show: (value: number) => string;
  /** What stands beside a point that is read. */
  legend: (place: number) => { title: string; lines: { name: string; value: string; isBefore: boolean }[] };
  /** Whether values are whole, so that the axis has no fractions. */
  isWhole: boolean;
  /** What stands above some points: each has a line down to the axis. */
  marks?: { label: string; all: readonly { place: number; shown: ComponentChildren }[] } | undefined;
  onReady?: (canvas: () => HTMLCanvasElement | undefined) => void;
};

const height = 250;
const font = '12px system-ui, sans-serif';

/** Draws the lines of the marks. */
function drawMarks({ ctx, bbox, valToPos }: uPlot, places: readonly number[], colour: string) {
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  for (const place of places) {
    const x = Math.round(valToPos(place, 'x', true));
    ctx.beginPath();
    ctx.arc(x, bbox.top, 4 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.beginPath();
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function options(props: TimeChartProps, palette: Palette, width: number, onCursor: (chart: uPlot) => void, onDraw: (chart: uPlot) => void): uPlot.Options {
  const axis = { stroke: palette.label, font, ticks: { show: false }, labelFont: font };
  return {
    width,
    height,
    padding: [12, 12, 0, 0],
    legend: { show: false },
    // Places, not times: the steps of both periods lie one above the other, and months are as wide as each other.
    scales: { x: { time: false }, y: { range: (_chart, _least, most) => [0, most > 0 ? most * 1.08 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 70,
        incrs: [1, 2, 3, 4, 6, 7, 8, 12, 14, 24, 28, 48, 60, 90, 180],
        values: (_chart, places) => places.map((place) => {
          const point = Number.isInteger(place) ? props.current[place] : undefined;
          return point === undefined ? '' : tick(point.ms, props.interval);
        }),
      },
      {
        ...axis,
        side: 3,
        grid: { stroke: palette.grid, width: 1 },
        size: (_chart, values) => 16 + 7 * Math.max(3, ...(values ?? []).map((value) => value.length)),
        space: 48,
        ...(props.isWhole ? { incrs: [1, 2, 5].flatMap((first) => Array.from({ length: 12 }, (_, zeros) => first * 10 ** zeros)).sort((a, b) => a - b) } : {}),
        values: (_chart, values) => values.map((value) => props.show(value)),
      },
    ],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8, fill: palette.line, stroke: palette.surface, width: 2 } },
    series: [
      {},
      { stroke: palette.before, width: 1.5, dash: [4, 4], points: { show: false }, spanGaps: false },
      { stroke: palette.line, fill: palette.fill, width: 2, points: { show: props.current.length < 3, size: 6, fill: palette.line }, spanGaps: false },
    ],
    hooks: { setCursor: [onCursor], draw: [onDraw] },
  };
}

export function TimeChart(props: TimeChartProps) {
  const { label, current, before } = props;
  const palette = usePalette();
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const [read, setRead] = useState<{ place: number; left: number; isRight: boolean }>();
  const places = props.marks?.all.map(({ place }) => place) ?? [];
  /** Where the marks are, once they are drawn. */
  const [lefts, setLefts] = useState<readonly number[]>([]);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const onCursor = ({ cursor, over }: uPlot) => {
      const { idx: place, left = -1 } = cursor;
      if (place === null || place === undefined || left < 0) setRead(undefined);
      else setRead({ place, left: left + over.offsetLeft, isRight: left > over.clientWidth / 2 });
    };
    const onDraw = (chart: uPlot) => {
      drawMarks(chart, places, palette.label);
      const next = places.map((place) => Math.round(chart.valToPos(place, 'x')) + chart.over.offsetLeft);
      setLefts((before) => (before.join() === next.join() ? before : next));
    };
    const data: uPlot.AlignedData = [
      current.map((_, place) => place),
      current.map((_, place) => before?.[place]?.value ?? null),
      current.map(({ value }) => value),
    ];
    const drawn = new uPlot(options(props, palette, element.clientWidth, onCursor, onDraw), data, element);
    chart.current = drawn;
    props.onReady?.(() => drawn.ctx.canvas);
    const observer = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [palette, current, before, props.interval, props.show, places.join()]);

  // Points that are gone must not stay read.
  useEffect(() => setRead(undefined), [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const drawn = chart.current;
    const last = current.length - 1;
    const place = read?.place;
    const to = { ArrowLeft: Math.max(0, (place ?? last + 1) - 1), ArrowRight: Math.min(last, (place ?? -1) + 1), Home: 0, End: last }[event.key];
    if (drawn === undefined || to === undefined) return;
    event.preventDefault();
    drawn.setCursor({ left: drawn.valToPos(to, 'x'), top: 0 });
  };
  const legend = read === undefined ? undefined : props.legend(read.place);
  return (
    <div class="time-chart" role="figure" aria-label={label} tabIndex={0} onKeyDown={onKeyDown} onBlur={() => setRead(undefined)}>
      <div ref={host} class="time-chart-host" />
      {places.length > 0 && (
        <ol class="marks" aria-label={props.marks?.label}>
          {props.marks?.all.map(({ place, shown }, at) => (
            <li key={place} style={{ left: `${lefts[at] ?? 0}px`, '--share': place / Math.max(current.length - 1, 1) }}>{shown}</li>
          ))}
        </ol>
      )}
      {read !== undefined && legend !== undefined && (
        <div class={`reading ${read.isRight ? 'reading-left' : ''}`} style={{ left: `${read.left}px` }} aria-live="polite">
          <strong>{legend.title}</strong>
          {legend.lines.map(({ name, value, isBefore }) => (
            <span key={name} class={isBefore ? 'reading-before' : 'reading-current'}><span>{name}</span><b>{value}</b></span>
          ))}
        </div>
      )}
    </div>
  );
}
