import '../styles/register.css';
import { Button, Checkbox, Modal, Textarea, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { post, type Query } from '../api/client';
import { renewalsQuery } from '../api/queries';
import type { RenewalRow } from '../api/types';
import type { Column } from '../components/DataTable';
import { DeadlineChart } from '../components/DeadlineChart';
import { Download } from '../components/Downloads';
import { FilterBar } from '../components/Filters';
import { StateBadge } from '../components/Glyph';
import { Go } from '../components/Go';
import { List } from '../components/List';
import { Mail } from '../components/Mail';
import { Page, Panel } from '../components/Page';
import { ReasonDialog } from '../components/Reason';
import { Empty, ErrorState } from '../components/States';
import { useSay } from '../components/Toasts';
import { productNow } from '../lib/clock';
import { useFilters } from '../lib/filters';
import { capital, formatDate, formatMoney } from '../lib/format';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';

const r = m.renewals;

export function RenewalsPage() {
  const [filters] = useFilters();
  const window = filters.window && r.windows[filters.window] ? filters.window : '90';
  const evergreen = window === 'evergreen';
  const query: Query = useMemo(() => ({ q: filters.q, ...(evergreen ? { evergreen: true } : { days: Number(window) }) }), [filters.q, window, evergreen]);
  const list = useMemo(() => renewalsQuery({ ...query, limit: 100 }), [query]);
  const rows = (useInfiniteQuery(list).data?.pages ?? []).flatMap((p) => p.items ?? []);
  const href = (name: string) => `/renewals?${new URLSearchParams({ window: name, ...(filters.q ? { q: filters.q } : {}) })}`;
  return (
    <Page title={r.title} question={r.question} actions={<Download path="/renewals.csv" query={query} label={r.export} />}>
      <nav className="tabs" aria-label={r.window}>
        {['90', '180', '730', 'evergreen'].map((name) => <Go key={name} className="tab" href={href(name)} current={name === window}>{r.windows[name]}</Go>)}
      </nav>
      <FilterBar search={r.search} choices={[]} />
      {!evergreen && rows.some((row) => row.send_by) && <Panel title={r.timeline} note={r.timelineNote}><DeadlineChart rows={rows} days={Number(window)} /></Panel>}
      <Panel flush>
        <List query={list} columns={evergreen ? evergreenColumns : columns} keyOf={(row) => row.id} label={r.title} filtered={!!filters.q} empty={evergreen ? <Empty title={r.evergreenEmpty} text={r.evergreenEmptyText} /> : <Empty title={r.empty} text={r.emptyText} />} />
      </Panel>
    </Page>
  );
}

const contract: Column<RenewalRow> = { id: 'contract', header: r.contract, cell: (row) => (
  <div style={{ minWidth: 170 }}><Link to="/contracts/$id" params={{ id: row.contract_id }} className="strong wrap">{row.contract_title || row.contract_number}</Link><div className="small dim wrap">{[row.customer, row.contract_number].filter(Boolean).join(' · ')}</div></div>
) };
const value: Column<RenewalRow> = { id: 'value', header: r.value, align: 'right', cell: (row) => <span className="num nowrap">{formatMoney(row.total_value)}</span> };
const owner: Column<RenewalRow> = { id: 'owner', header: r.owner, cell: (row) => <div>{row.owner ? <Mail of={row.owner} /> : <span className="dim">{m.register.nobody}</span>}<div className="small dim">{capital(row.phase)}</div></div> };
const notice: Column<RenewalRow> = { id: 'notice', header: r.notice, cell: (row) => <Notice row={row} /> };

function renewing(row: RenewalRow): string {
  if (row.notice === 'sent' && row.ends_on) return r.ended(formatDate(row.ends_on));
  if (row.option) return r.option;
  if (row.auto_renewal === undefined || row.auto_renewal === null) return r.autoUnknown;
  return row.auto_renewal ? r.auto : r.ends;
}

const columns: Column<RenewalRow>[] = [
  { id: 'sendBy', header: r.sendBy, cell: (row) => (
    <div>
      <span className={row.notice === 'late' ? 'nowrap strong ink-bad' : 'nowrap strong'}>{row.send_by ? formatDate(row.send_by) : <span className="dim">{r.none}</span>}</span>
      {row.days_left !== undefined && row.notice !== 'sent' && row.notice !== 'not_needed' && <div className={row.notice === 'late' ? 'small ink-bad' : 'small dim'}>{r.left(row.days_left)}</div>}
    </div>
  ) },
  contract,
  { id: 'renews', header: r.renews, cell: (row) => <div><span className="nowrap">{formatDate(row.renewal_date)}</span><div className="small dim">{renewing(row)}</div></div> },
  value, owner, notice,
];
const evergreenColumns: Column<RenewalRow>[] = [contract, value, owner, notice];

/** What is to be done, or was done, in words: a deadline that passed is said, not only coloured. */
function Notice({ row }: { row: RenewalRow }) {
  const may = useMay('reviewer');
  const admin = useMay('admin');
  const me = useSession()?.actor.id;
  const [open, setOpen] = useState(false);
  const [back, setBack] = useState(false);
  const renews = row.auto_renewal === false ? r.lateEnds(formatDate(row.renewal_date)) : r.lateRenews(formatDate(row.renewal_date));
  const text = {
    sent: row.sent ? r.sentOn(formatDate(row.sent.on)) + (row.ends_on ? ` · ${r.endsOn(formatDate(row.ends_on))}` : '') : '', late: row.sent?.days_late ? r.sentLate(row.sent.days_late, formatDate(row.sent.on), renews) : r.lateText(formatDate(row.send_by), renews), not_needed: r.notNeeded,
    unknown: row.question ?? r.unknown, any_time: row.ends_on ? r.anyTime(formatDate(row.ends_on)) : '', open: '',
  }[row.notice] ?? '';
  return (
    <div style={{ minWidth: 150 }}>
      <StateBadge domain="notice" state={row.notice} />
      {text && <div className="small dim wrap">{text}</div>}
      {row.sent && <div className="small dim wrap">{[row.sent.reference, row.sent.by].filter(Boolean).join(' · ')}</div>}
      {may && row.occurrence_id && row.notice !== 'sent' && <div><button type="button" className="linkish small" aria-label={r.recordOf(row.contract_title)} onClick={() => setOpen(true)}>{r.record}</button></div>}
      {may && row.sent && (admin || (!!me && row.sent.actor_id === me)) && <div><button type="button" className="linkish small" aria-label={r.backOf(row.contract_title)} onClick={() => setBack(true)}>{r.back}</button></div>}
      {open && <NoticeDialog row={row} onClose={() => setOpen(false)} />}
      {back && row.sent && <BackDialog row={row} sent={row.sent} onClose={() => setBack(false)} />}
    </div>
  );
}

/** Takes back what was recorded by mistake. */
function BackDialog({ row, sent, onClose }: { row: RenewalRow; sent: NonNullable<RenewalRow['sent']>; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const save = useMutation({
    mutationFn: (reason: string) => post(`/contracts/${row.contract_id}/notice/withdrawal`, { event_id: sent.event_id, reason }),
    onSuccess: async () => { await Promise.all(['renewals', 'register', 'contracts', 'overview'].map((k) => client.invalidateQueries({ queryKey: [k] }))); say.ok(r.backDone); onClose(); },
  });
  return <ReasonDialog title={r.backTitle} text={`${row.contract_title}: ${r.backText(formatDate(sent.on))}`} action={r.back} busy={save.isPending} error={save.error} onClose={onClose} onSubmit={(reason) => save.mutate(reason)} />;
}

function NoticeDialog({ row, onClose }: { row: RenewalRow; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const today = new Date(productNow()).toISOString().slice(0, 10);
  const [sentOn, setSentOn] = useState(today);
  const [reference, setReference] = useState('');
  const [note, setNote] = useState('');
  const [sure, setSure] = useState(false);
  const [early, setEarly] = useState(false);
  const ahead = row.form !== 'evergreen' && row.send_by && sentOn ? Math.round((Date.parse(row.send_by) - Date.parse(sentOn)) / 86_400_000) : 0;
  const asksEarly = ahead > 365;
  const save = useMutation({
    mutationFn: () => post(`/contracts/${row.contract_id}/notice`, { renewal: row.form === 'evergreen' ? 'evergreen' : row.renewal_date, sent_on: sentOn, reference: reference.trim(), note: note.trim(), ...(asksEarly ? { sure: early } : {}) }),
    onSuccess: async () => { await Promise.all(['renewals', 'register', 'contracts', 'overview'].map((k) => client.invalidateQueries({ queryKey: [k] }))); say.ok(r.saved); onClose(); },
  });
  return (
    <Modal opened onClose={onClose} title={r.recordTitle} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap">{row.form === 'evergreen' ? r.recordEvergreen(row.contract_title) : r.recordText(row.contract_title, formatDate(row.renewal_date))}</p>
        <TextInput type="date" label={r.sentOnLabel} required max={today} value={sentOn} onChange={(e) => setSentOn(e.currentTarget.value)} data-autofocus />
        {ahead < 0 && <p role="status" className="banner tone-warn wrap" style={{ margin: 0 }}>{r.lateWarning(-ahead, formatDate(row.send_by))}</p>}
        {asksEarly && <Checkbox label={r.early(formatDate(row.send_by))} checked={early} onChange={(e) => setEarly(e.currentTarget.checked)} />}
        <TextInput label={r.reference} description={r.referenceHelp} maxLength={200} value={reference} onChange={(e) => setReference(e.currentTarget.value)} />
        <Textarea label={r.note} autosize minRows={2} maxLength={2000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
        <Checkbox label={r.confirm} checked={sure} onChange={(e) => setSure(e.currentTarget.checked)} />
        {save.error && <ErrorState error={save.error} />}
        <div className="row"><Button type="submit" loading={save.isPending} disabled={!sure || !sentOn || (asksEarly && !early)}>{r.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
