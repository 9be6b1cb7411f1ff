// A ranked table: the first column says what a row is about and filters by it, a bar behind it shows its share.

import type { ComponentChildren } from 'preact';
import { say, text } from '../text/index.ts';
import { type Cell, csv } from './csv.ts';
import { fileName, save } from './save.ts';

export type Column<Row> = {
  title: string;
  /** As it is exported. */
  value: (row: Row) => Cell;
  /** As it is shown, if not as it is. */
  show?: (row: Row) => ComponentChildren;
};

export type TableProps<Row> = {
  caption: string;
  /** What a row is about. */
  head: Column<Row>;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** A row's part of the largest, from 0 to 1. */
  bar?: (row: Row) => number;
  /** Filters by the row, where that makes sense. */
  onPick?: ((row: Row) => void) | undefined;
  isPicked?: (row: Row) => boolean;
  /** What a press on the row does, where it does not filter. */
  pickTitle?: (row: Row) => string;
};

export function Table<Row>({ caption, head, columns, rows, bar, onPick, isPicked, pickTitle }: TableProps<Row>) {
  return (
    <table class="table">
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head.title}</th>
          {columns.map((column) => <th scope="col" class="number" key={column.title}>{column.title}</th>)}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => {
          const name = String(head.value(row));
          const shown = head.show?.(row) ?? name;
          const size = bar === undefined ? undefined : { '--part': `${Math.max(bar(row) * 100, 0.5)}%` };
          return (
            <tr key={`${place} ${name}`}>
              <th scope="row" class={bar === undefined ? undefined : 'barred'} style={size}>
                {onPick === undefined
                  ? <span class="cell" title={name}>{shown}</span>
                  : <button type="button" class="cell pick" title={pickTitle?.(row) ?? say(text.filters.by, { value: name })} aria-pressed={isPicked?.(row) ?? false} onClick={() => onPick(row)}>{shown}</button>}
              </th>
              {columns.map((column) => <td class="number" key={column.title}>{column.show?.(row) ?? column.value(row)}</td>)}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Saves a table's rows, as they are counted and not as they are shown. */
export function saveTable<Row>({ caption, head, columns, rows }: Pick<TableProps<Row>, 'caption' | 'head' | 'columns' | 'rows'>): void {
  const all = [head, ...columns];
  const lines = rows.map((row) => all.map((column) => column.value(row)));
  save(new Blob([csv(all.map((column) => column.title), lines)], { type: 'text/csv;charset=utf-8' }), fileName(caption, 'csv'));
}
