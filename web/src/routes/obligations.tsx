import '../styles/register.css';
import { Button, Modal, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { put, type Query } from '../api/client';
import { checkInMailsQuery, contractQuery, kindsQuery, registerQuery } from '../api/queries';
import type { CheckInMail, Duty } from '../api/types';
import { CheckInActs, CheckInState } from '../components/CheckIns';
import type { Column } from '../components/DataTable';
import { DayRange } from '../components/DayRange';
import { Download } from '../components/Downloads';
import { DueCalendar } from '../components/DueCalendar';
import { FilterBar, optionsOf } from '../components/Filters';
import { StateBadge } from '../components/Glyph';
import { Go } from '../components/Go';
import { List } from '../components/List';
import { Mail } from '../components/Mail';
import { Page, Panel } from '../components/Page';
import { Empty, ErrorState } from '../components/States';
import { Time } from '../components/Time';
import { useSay } from '../components/Toasts';
import { useFilters } from '../lib/filters';
import { capital, datesIn, formatDate, formatProgress, runs, timed, told, words } from '../lib/format';
import { useMay, useSession } from '../lib/session';
import { states } from '../lib/states';
import { m } from '../messages';

const r = m.register;
const named = ['q', 'kind', 'side', 'state', 'owner', 'check_ins', 'contract_id', 'family_id', 'due_from', 'due_to'];

// Filters of the mails have names of their own and stay behind with them: an obligation has a state, too, and it is another.
const ofMails = ['check_in', 'mail_state'];

export function ObligationsPage() {
  const [filters] = useFilters();
  const kinds = useQuery(kindsQuery);
  const me = useSession()?.email;
  const calendar = filters.view === 'calendar';
  const mails = filters.view === 'mails';
  const query: Query = useMemo(() => Object.fromEntries(named.map((f) => [f, filters[f]])), [filters]);
  const keep = (change: Record<string, string>, drop: string[] = []) => `/obligations?${new URLSearchParams(Object.entries({ ...filters, ...change }).filter((e): e is [string, string] => !!e[1] && !drop.includes(e[0])))}`;
  return (
    <Page title={r.title} question={r.question} actions={<><Download path="/obligations.csv" query={query} label={r.export} /><Download path="/obligations.ics" query={query} label={r.ical} /></>}>
      <nav className="tabs" aria-label={r.title}>
        <Go className="tab" href={keep({}, ['view', 'month', ...ofMails])} current={!calendar && !mails}>{r.list}</Go>
        <Go className="tab" href={keep({ view: 'calendar' }, ['due_from', 'due_to', ...ofMails])} current={calendar}>{r.calendar}</Go>
        <Go className="tab" href="/obligations?view=mails" current={mails}>{m.checkIn.mails}</Go>
      </nav>
      {mails ? <Mails /> : <>
      <div className="filters">
        <FilterBar search={r.search} choices={[
          { name: 'side', label: r.side, options: optionsOf(states.side), width: 130 }, { name: 'state', label: r.state, options: optionsOf(states.duty), width: 165 },
          { name: 'kind', label: r.kind, options: (kinds.data?.items ?? []).map((k) => ({ value: k.kind, label: k.title })), width: 190, searchable: true },
          { name: 'owner', label: r.owner, options: [...(me ? [{ value: me, label: r.owners.mine }] : []), { value: 'nobody', label: r.owners.nobody }, ...(filters.owner && filters.owner !== me && filters.owner !== 'nobody' ? [{ value: filters.owner, label: filters.owner }] : [])], width: 170 },
          { name: 'check_ins', label: m.checkIn.filter, options: [...m.checkIn.filters], width: 130 }]} />
        {!calendar && <DayRange from="due_from" to="due_to" labels={[r.from, r.to]} />}
        <Only name="family_id" says={r.ofFamily} />
        <Only name="contract_id" says={r.ofOne} />
      </div>
      {calendar ? <DueCalendar query={query} dayHref={(day) => keep({ due_from: day, due_to: day }, ['view', 'month'])} /> : <DutyList query={query} />}
      </>}
    </Page>
  );
}

/** A filter by a contract, which no choice shows: a link led here. The head of a family has the id of the family. */
function Only({ name, says }: { name: 'family_id' | 'contract_id'; says: (title: string) => string }) {
  const [filters, set] = useFilters();
  const id = filters[name] ?? '';
  const contract = useQuery({ ...contractQuery(id), enabled: id !== '' }).data?.contract;
  if (!id) return null;
  const text = says(contract?.title || contract?.number || id);
  return <button type="button" className="chip on" style={{ gap: 6 }} aria-label={r.drop(text)} onClick={() => set({ [name]: undefined })}>{text}<IconX size={14} aria-hidden /></button>;
}

const k = m.checkIn;
const mailColumns: Column<CheckInMail>[] = [
  { id: 'obligation', header: r.obligation, cell: ({ mail, obligation, customer, contract_title }) => (
    <div style={{ minWidth: 190 }}><Link to="/contracts/$id" params={{ id: mail.contract_id ?? '' }} search={{ tab: 'obligations' } as never} className="strong wrap">{obligation || mail.subject}</Link><div className="small dim wrap">{[customer, contract_title].filter(Boolean).join(' · ')}</div></div>
  ) },
  { id: 'due', header: k.dueOn, cell: ({ mail }) => <span className="nowrap">{formatDate(mail.due_on)}</span> },
  { id: 'became', header: k.became, cell: ({ mail }) => <StateBadge domain="check_in_mail" state={mail.check_in ?? ''} /> },
  { id: 'to', header: k.to, cell: ({ mail }) => <div><Mail of={mail.recipient} /><div className="small dim">{k.level(mail.level ?? 0)}</div></div> },
  { id: 'mail', header: k.mail, cell: ({ mail }) => <div><StateBadge domain="notification" state={mail.state} />{mail.reason && <div className="small dim wrap">{mail.reason}</div>}</div> },
  { id: 'at', header: k.at, cell: ({ mail }) => <Time at={mail.created_at} /> },
];

/** Every mail about an overdue check-in: to whom it went, and what became of it. */
function Mails() {
  const [filters] = useFilters();
  const query = useMemo(() => checkInMailsQuery({ check_in: filters.check_in, state: filters.mail_state, limit: 50 }), [filters]);
  return (
    <>
      <FilterBar choices={[{ name: 'check_in', label: k.became, options: optionsOf(states.check_in_mail), width: 170 }, { name: 'mail_state', label: k.mailFilter, options: optionsOf(states.notification), width: 170 }]} />
      <Panel flush><List query={query} columns={mailColumns} keyOf={(x) => x.mail.id} label={k.mails} filtered={!!filters.check_in || !!filters.mail_state} empty={<Empty title={k.mailsNone} text={k.mailsNoneText} />} /></Panel>
    </>
  );
}

function DutyList({ query }: { query: Query }) {
  const list = useMemo(() => registerQuery({ ...query, limit: 50 }), [query]);
  return (
    <Panel flush>
      <List query={list} columns={columns} keyOf={(d) => d.id} label={r.title} filtered={named.some((f) => query[f])} empty={<Empty title={r.empty} text={r.emptyText} />} />
    </Panel>
  );
}

/** How far it is, in the words of its kind: counted time, or the measured share. */
function progress(d: Duty): string {
  return timed.has(d.kind) || d.kind === 'availability' ? formatProgress(d.kind, d.assessment) : '';
}

const columns: Column<Duty>[] = [
  { id: 'obligation', header: r.obligation, cell: (d) => (
    <div style={{ minWidth: 190 }}>
      <Link to="/contracts/$id" params={{ id: d.contract_id }} search={{ tab: 'obligations' } as never} className="strong wrap">{d.title}</Link>
      <div className="small dim wrap">{[capital(words(d.kind)), datesIn(d.subject)].filter(Boolean).join(' · ')}</div>
    </div>
  ) },
  { id: 'side', header: r.side, cell: (d) => <div>{d.kind === 'renewal_notice' && !['ours', 'theirs'].includes(d.side) ? <span className="nowrap">{r.either}</span> : <StateBadge domain="side" state={d.side || 'unknown'} />}{d.bearer && <div className="small dim wrap">{d.bearer}</div>}</div> },
  { id: 'due', header: r.due, cell: (d) => (
    <div>
      {d.due_on ? <span className="nowrap strong">{formatDate(d.due_on)}</span> : <span className="dim">{r.noDue}</span>}
      {d.due_at && d.kind !== 'renewal_notice' && <div className="small dim nowrap"><Time at={d.due_at} /></div>}
    </div>
  ) },
  { id: 'state', header: r.state, cell: (d) => <div><StateBadge domain="duty" state={d.status || 'none'} /><div className="small dim">{[progress(d), d.open > 1 && r.open(d.open)].filter(Boolean).join(' · ')}</div>{d.to_do?.map((t) => <div key={t.finding_id} className="small"><Link to="/findings/$id" params={{ id: t.finding_id }} className="wrap">{told(t.title)}</Link></div>)}{runs(d.kind, d.assessment) && <div className="small dim nowrap">{m.common.asOf} <Time at={d.assessment?.at} /></div>}</div> },
  { id: 'contract', header: r.contract, cell: (d) => (
    <div style={{ minWidth: 120 }}><Link to="/contracts/$id" params={{ id: d.contract_id }} className="wrap">{d.contract_title || d.contract_number}</Link><div className="small dim wrap">{[d.customer, d.inherited_contract_title && r.passedOn(d.inherited_contract_title)].filter(Boolean).join(' · ')}</div></div>
  ) },
  { id: 'owner', header: r.owner, cell: (d) => <Owner duty={d} /> },
];

function Owner({ duty }: { duty: Duty }) {
  const may = useMay('reviewer');
  const [open, setOpen] = useState(false);
  return (
    <div style={{ minWidth: 210 }}>
      {duty.owner ? <Mail of={duty.owner} /> : <span className="dim">{r.nobody}</span>}
      <div className="row tight small">
        {duty.unknown_owner && <span className="ink-warn" title={r.unknownOwner}>{r.unknownShort}</span>}
        {duty.owner && !duty.own_owner && <span className="dim">{r.ofContract}</span>}
      </div>
      {may && <div><button type="button" className="linkish small" aria-label={r.setOwnerOf(duty.title)} onClick={() => setOpen(true)}>{r.setOwner}</button></div>}
      <CheckInState due={duty.check_in_due} state={duty.check_in_state} />
      {duty.check_in_due && <div><CheckInActs of={{ id: duty.id, title: duty.title, owner: duty.owner, revision: duty.revision, due: duty.check_in_due, state: duty.check_in_state }} /></div>}
      {open && <OwnerDialog duty={duty} onClose={() => setOpen(false)} />}
    </div>
  );
}

function OwnerDialog({ duty, onClose }: { duty: Duty; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const [owner, setOwner] = useState(duty.own_owner);
  const save = useMutation({
    mutationFn: () => put(`/obligations/${duty.id}/owner`, { owner: owner.trim(), revision: duty.revision }),
    onSuccess: async () => { await Promise.all(['register', 'contracts', 'renewals'].map((k) => client.invalidateQueries({ queryKey: [k] }))); say.ok(r.saved); onClose(); },
  });
  return (
    <Modal opened onClose={onClose} title={r.setOwner} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap">{duty.title} · {duty.contract_title}</p>
        {duty.unknown_owner && <p style={{ margin: 0 }} className="small ink-warn wrap">{duty.owner}: {r.unknownOwner}</p>}
        <TextInput type="email" label={r.ownerLabel} description={r.ownerHelp} value={owner} maxLength={254} onChange={(e) => { setOwner(e.currentTarget.value); save.reset(); }} data-autofocus />
        {save.error && <ErrorState error={save.error} />}
        <div className="row"><Button type="submit" loading={save.isPending}>{m.common.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
