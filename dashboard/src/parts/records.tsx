// A table of records: texts in columns, a line for each, and at its end what can be done with it.

import type { ComponentChildren } from 'preact';
import { Scroller } from './scroller.tsx';
import type { Column } from './table.tsx';

export type RecordColumn<Row> = Column<Row> & { isNumber?: boolean };

type RecordsProps<Row> = {
  caption: string;
  /** The first says what a line is about. */
  columns: readonly [RecordColumn<Row>, ...RecordColumn<Row>[]];
  rows: readonly Row[];
  keyOf: (row: Row, at: number) => string;
  /** What the column of actions is called, and the actions of a line. */
  actions?: { title: string; of: (row: Row) => ComponentChildren } | undefined;
};

export function Records<Row>({ caption, columns, rows, keyOf, actions }: RecordsProps<Row>) {
  const [first, ...others] = columns;
  // As wide as can be read: what does not fit a phone is scrolled to.
  const least = columns.reduce((sum, { isNumber }) => sum + (isNumber ? 70 : 140), actions === undefined ? 0 : 100);
  const shown = (column: Column<Row>, row: Row) => column.show?.(row) ?? column.value(row);
  return (
    <Scroller label={caption}>
      <table class="records" style={{ '--least': `${least}px` }}>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => <th scope="col" key={column.title} class={column.isNumber ? 'number' : undefined}>{column.title}</th>)}
            {actions !== undefined && <th scope="col"><span class="hidden">{actions.title}</span></th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={keyOf(row, at)}>
              <th scope="row">{shown(first, row)}</th>
              {others.map((column) => <td key={column.title} class={column.isNumber ? 'number' : undefined}>{shown(column, row)}</td>)}
              {actions !== undefined && <td class="records-actions">{actions.of(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
