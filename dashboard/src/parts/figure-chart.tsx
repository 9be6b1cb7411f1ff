// A figure over time with what it is compared with: how it is drawn in steps, read and saved.

import { useRef } from 'preact/hooks';
import type { Answered } from '../api/use-answer.tsx';
import { saveCanvas } from '../charts/png.ts';
import { type Point, TimeChart } from '../charts/time-chart.tsx';
import { type Interval, fittingInterval, intervalsOf } from '../state/dates.ts';
import { useNavigation, useOption } from '../state/navigation.tsx';
import { none, step } from '../text/format.ts';
import { say, text } from '../text/index.ts';
import { Choice, Menu } from './menu.tsx';
import { ExportMenu } from './panel.tsx';
import { AddAnnotation, useAnnotationMarks } from './saved/annotations.tsx';
import { Empty, Failure, Skeleton } from './states.tsx';
import { saveTable } from './table.tsx';

/** In which steps the range is drawn, by the address. */
export function useInterval(): [Interval, (interval: Interval) => void] {
  const { place } = useNavigation();
  return useOption<Interval>('interval', intervalsOf(place.range), fittingInterval(place.range));
}

type FigureChartProps = {
  /** What is counted. */
  name: string;
  /** The answer that the points are from. */
  answered: Answered<unknown>;
  points: readonly Point[] | undefined;
  before: readonly Point[] | undefined;
  write: (value: number) => string;
  /** Whether values are whole, so that the axis has no fractions. */
  isWhole: boolean;
};

export function FigureChart({ name, answered, points, before, write, isWhole }: FigureChartProps) {
  const { place } = useNavigation();
  const [interval, setInterval] = useInterval();
  const canvas = useRef<() => HTMLCanvasElement | undefined>(() => undefined);
  const title = say(text.overview.chart, { metric: name });

  function savePicture() {
    const drawn = canvas.current();
    if (drawn !== undefined) saveCanvas(drawn, `${place.site} · ${title}`);
  }
  function saveNumbers(rows: readonly Point[]) {
    const head = { title: text.dates[interval], value: ({ ms }: Point) => new Date(ms).toISOString().slice(0, interval === 'time:hour' ? 16 : 10) };
    saveTable({ caption: title, head, columns: [{ title: name, value: ({ value }: Point) => value }], rows });
  }
  function legend(at: number) {
    const line = (point: Point, isBefore: boolean) => ({ name: step(point.ms, interval), value: point.value === null ? none : write(point.value), isBefore });
    const [now, then] = [points?.[at], before?.[at]];
    return { title: name, lines: [...(now === undefined ? [] : [line(now, false)]), ...(then === undefined ? [] : [line(then, true)])] };
  }
  const marks = useAnnotationMarks((points ?? []).map(({ ms }) => ms), interval);
  const latest = points?.findLast(({ value }) => value !== null) ?? points?.at(-1);
  const isEmpty = (series: readonly Point[] | undefined) => series === undefined || series.every(({ value }) => value === null || value === 0);
  return (
    <>
      <div class="chart-head">
        <h2 class="hidden">{title}</h2>
        {before !== undefined && <p class="key" aria-hidden="true"><i class="key-current" />{text.overview.current}<i class="key-before" />{text.dates[place.compare]}</p>}
        {latest !== undefined && <AddAnnotation date={new Date(latest.ms).toISOString().slice(0, 10)} />}
        <Menu label={text.dates[interval]} name={say(text.dates.interval, { interval: text.dates[interval] })} class="button small" align="end">
          {(close) => intervalsOf(place.range).map((choice) => (
            <Choice key={choice} isChosen={choice === interval} onChoose={() => { setInterval(choice); close(); }}>{text.dates[choice]}</Choice>
          ))}
        </Menu>
        {points === undefined ? <span class="icon-space" /> : (
          <ExportMenu title={title} files={[{ label: text.actions.png, run: savePicture }, { label: text.actions.csv, run: () => saveNumbers(points) }]} />
        )}
      </div>
      <div class={`chart-body ${answered.isStale ? 'stale' : ''}`}>
        {answered.error !== undefined ? <Failure error={answered.error} site={place.site} onRetry={answered.retry} />
          : points === undefined ? <Skeleton kind="chart" />
          : isEmpty(points) && isEmpty(before) ? <Empty />
          : <TimeChart label={title} current={points} before={before} interval={interval} show={write} isWhole={isWhole} legend={legend} marks={marks} onReady={(get) => { canvas.current = get; }} />}
      </div>
    </>
  );
}
