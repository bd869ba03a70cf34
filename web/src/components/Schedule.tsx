import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { scheduleQuery } from '../api/queries';
import type { Planned } from '../api/types';
import { productNow } from '../lib/clock';
import { capital, datesIn, formatDate } from '../lib/format';
import { m } from '../messages';
import type { Column } from './DataTable';
import { DataTable } from './DataTable';
import { StateBadge } from './Glyph';
import { ErrorState } from './States';

const s = m.schedule;

const columns: Column<Planned>[] = [
  { id: 'due', header: s.due, cell: (p) => <span className="nowrap strong">{formatDate(p.due_on)}</span> },
  { id: 'subject', header: s.what, cell: (p) => <span className="wrap">{datesIn(p.subject || p.key)}</span> },
  { id: 'state', header: m.common.state, cell: (p) => (p.status ? <StateBadge domain="occurrence" state={p.status} /> : <span className="dim">{(p.due_on ?? '') < new Date(productNow()).toISOString().slice(0, 10) ? s.before : s.ahead}</span>) },
];

/** What falls due under an obligation by the calendar: three months back with where it stands, a year ahead, and more on request. */
export function Schedule({ of }: { of: { id: string; title: string } }) {
  const [open, setOpen] = useState(false);
  const query = useInfiniteQuery({ ...scheduleQuery(of.id), enabled: open });
  const pages = query.data?.pages ?? [];
  const rows = pages.flatMap((p) => p.items ?? []);
  return (
    <div style={{ padding: '8px 16px 14px' }}>
      <button type="button" className="linkish small" aria-expanded={open} aria-label={`${s.title}: ${of.title}`} onClick={() => setOpen(!open)}>{s.title}</button>
      {open && query.error && <ErrorState error={query.error} />}
      {open && query.data && (rows.length === 0 ? <p className="small dim">{s.none(formatDate(pages[0]?.from), formatDate(pages.at(-1)?.until))}</p> : <DataTable rows={rows} columns={columns} keyOf={(p) => p.key} label={`${s.title}: ${of.title}`} />)}
      {open && pages.at(-1)?.ends && <p className="small dim" style={{ margin: '6px 0 0' }}>{s.ends(capital(datesIn(pages.at(-1)?.ends ?? '')))}</p>}
      {open && query.hasNextPage && <Button size="xs" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{s.more}</Button>}
    </div>
  );
}
