// A figure as a tile: its value, how it changed, and in small how it went.

import type { Metric } from '../../../../edge-collector/api.d.ts';
import { Spark } from '../../charts/spark.tsx';
import { none } from '../../text/format.ts';
import { say, text } from '../../text/index.ts';
import { type FigureValue, amount, changeInWords, isBetterLow, writer } from './figures.ts';

type TileProps = {
  figure: Metric;
  title: string;
  of: FigureValue | undefined;
  currency: string | undefined;
  line: readonly (number | null)[] | undefined;
  isChosen: boolean;
  onChoose: () => void;
};

export function FigureTile({ figure, title, of, currency, line, isChosen, onChoose }: TileProps) {
  const write = writer(figure, currency);
  const [value, before] = [amount(of?.value ?? null), amount(of?.before ?? null)];
  const change = of?.change ?? null;
  const isGood = change !== null && change > 0 !== isBetterLow(figure);
  return (
    <button type="button" class="tile" data-figure={figure} aria-pressed={isChosen} onClick={onChoose}>
      <span class="tile-name">{title}</span>
      <span class="tile-value">{value === null ? none : write(value)}</span>
      <span class="tile-change">
        {change !== null && before !== null && (
          <span class={change === 0 ? 'soft' : isGood ? 'good' : 'bad'} title={say(text.overview.change, { change: changeInWords(figure, change), before: write(before) })}>
            {changeInWords(figure, change)}
          </span>
        )}
      </span>
      <Spark values={line ?? []} />
    </button>
  );
}
