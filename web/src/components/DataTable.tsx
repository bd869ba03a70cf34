import { useMediaQuery } from '@mantine/hooks';
import { tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, type MouseEvent, type ReactNode } from 'react';

const features = tableFeatures({});

export interface Column<T> { id: string; header: string; cell: (row: T) => ReactNode; align?: 'right'; width?: number | string }
interface Props<T> { rows: T[]; columns: Column<T>[]; keyOf: (row: T) => string; label: string; hover?: boolean; onRow?: (row: T) => void }

/** A click on the row itself: not on what can be pressed in it, nor in a dialog that one of its cells opened. */
const ofRow = (e: MouseEvent) => e.currentTarget.contains(e.target as Node) && !(e.target as Element).closest('a, button, input, label');

const virtualFrom = 80;
/** Below this width each row is a card (base.css). */
const narrow = '(max-width: 700px)';

/**
 * A table of rows in the server's order: sorting here would sort one page of many and lie. Past 80 rows only what is in
 * view is in the document. On a narrow screen rows are cards; the roles are written out, because what is laid out as
 * something else than a table is read as none.
 */
export function DataTable<T>({ rows, columns, keyOf, label, hover = true, onRow }: Props<T>) {
  const defs = useMemo<ColumnDef<typeof features, { row: T }>[]>(
    () => columns.map((c) => ({ id: c.id, header: c.header })), [columns]);
  const data = useMemo(() => rows.map((row) => ({ row })), [rows]);
  const table = useTable({ features, columns: defs, data, getRowId: (d) => keyOf(d.row) });
  const scroller = useRef<HTMLDivElement>(null);
  const all = table.getRowModel().rows;
  const many = all.length > virtualFrom;
  const cards = useMediaQuery(narrow) ?? false;
  const virtual = useVirtualizer({ count: many ? all.length : 0, getScrollElement: () => scroller.current, estimateSize: () => (cards ? 150 : 45), overscan: 12 });
  const items = virtual.getVirtualItems();
  const visible = many ? items.flatMap((item) => { const row = all[item.index]; return row ? [{ row, index: item.index }] : []; }) : all.map((row, index) => ({ row, index }));
  const before = many ? (items[0]?.start ?? 0) : 0;
  const after = many ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;
  const labels = useMemo(() => Object.fromEntries(columns.map((c) => [c.id, c.header])), [columns]);
  // Called, and not rendered as components of their own: where columns are made anew with each reading, what is open in a cell (a dialog
  // with half an answer in it) would be taken down and lost.
  const cells = useMemo(() => Object.fromEntries(columns.map((c) => [c.id, c.cell])), [columns]);
  const align = (id: string) => columns.find((c) => c.id === id)?.align;
  return (
    <div className="table-wrap as-cards" ref={scroller} style={many ? { maxHeight: '70vh' } : undefined} tabIndex={0} role="group" aria-label={label}>
      <table className="table" role="table" aria-rowcount={rows.length + 1}>
        <thead role="rowgroup" style={many ? { position: 'sticky', top: 0, zIndex: 1 } : undefined}>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} role="row">
              {group.headers.map((header) => (
                <th key={header.id} scope="col" role="columnheader" className={align(header.column.id)} style={{ width: columns.find((c) => c.id === header.column.id)?.width }}>
                  <table.FlexRender header={header} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody role="rowgroup">
          {before > 0 && <tr aria-hidden><td style={{ height: before, padding: 0 }} colSpan={columns.length} /></tr>}
          {visible.map(({ row, index }) => (
            <tr key={row.id} role="row" aria-rowindex={index + 2} {...(many ? { ref: virtual.measureElement, 'data-index': index } : {})} className={hover ? 'link' : undefined} onClick={onRow && ((e) => { if (ofRow(e)) onRow(row.original.row); })}>
              {row.getAllCells().map((cell) => <td key={cell.id} role="cell" data-label={labels[cell.column.id]} className={align(cell.column.id)}>{cells[cell.column.id]?.(row.original.row)}</td>)}
            </tr>
          ))}
          {after > 0 && <tr aria-hidden><td style={{ height: after, padding: 0 }} colSpan={columns.length} /></tr>}
        </tbody>
      </table>
    </div>
  );
}
