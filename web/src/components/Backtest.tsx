import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, post } from '../api/client';
import { obligationsQuery } from '../api/queries';
import type { BacktestQuestion, BacktestResult, Contract, ContractDetail, Deviation, List, Replayed, Segment, UnlikelyEvent, UnusedEvent, Verdict } from '../api/types';
import { productNow } from '../lib/clock';
import { useFilters } from '../lib/filters';
import { capital, dueDay, formatDate, formatMoney, formatProgress, formatTime, plural, words } from '../lib/format';
import { paramLines } from '../lib/params';
import { everywhere, patchOf, same } from '../lib/patch';
import { addDays, periodNames, periodOf } from '../lib/periods';
import { isObject, type FieldError, type Json, type JsonObject } from '../lib/schema';
import { m } from '../messages';
import { DataTable, type Column } from './DataTable';
import { Glyph, StateBadge } from './Glyph';
import { Go } from './Go';
import { Facts, Panel } from './Page';
import { ParamsForm } from './ParamsForm';
import { inForceToday } from './Segments';
import { Empty, ErrorState, Loaded } from './States';
import { Time } from './Time';
import { TracePanel } from './Trace';

const b = m.backtest;

interface Asked { from: string; to: string; asOf: string; key: string; params: JsonObject; without: string[] }

/** Amendments of the contract and of those above it, and amendments of those, that are published. */
function amendmentsOf(detail: ContractDetail): Contract[] {
  const out: Contract[] = [];
  const family = new Map((detail.family ?? []).map((c) => [c.id, c]));
  const reached = new Set([detail.contract.id]);
  for (let above = detail.contract.parent_id; above && !reached.has(above); above = family.get(above)?.parent_id) reached.add(above);
  for (let grew = true; grew;) {
    grew = false;
    for (const c of detail.family ?? []) {
      if (reached.has(c.id) || c.relation !== 'amendment' || !c.parent_id || !reached.has(c.parent_id)) continue;
      reached.add(c.id);
      grew = true;
      if (c.current_version > 0) out.push(c);
    }
  }
  return out;
}

/** What follows from the contract and what was reported under it: as registered, with other parameters, or without an amendment. What if begins
 * with what is in force today, also where an amendment states it. */
export function BacktestTab({ detail }: { detail: ContractDetail }) {
  const { contract } = detail;
  const query = useQuery(obligationsQuery(contract.id));
  if (contract.relation === 'amendment' && contract.parent_id) return <Panel><Empty title={b.amendment} text={b.amendmentText}><Go href={`/contracts/${contract.parent_id}?tab=backtest`}>{b.toParent}</Go></Empty></Panel>;
  if (contract.current_version === 0) return <Panel><Empty title={m.contract.notPublished} text={b.notPublished} /></Panel>;
  return <Loaded query={query}>{({ items }) => <Desk detail={detail} obligations={(items ?? []).map((r) => ({ ...r.obligation, params: inForceToday(r.segments)?.params ?? r.obligation.params, segments: r.segments }))} />}</Loaded>;
}

/** The parameters that other days of an obligation's life state otherwise than today, with those days. */
function otherDays(segments: List<Segment> | undefined, today: JsonObject): { name: string; days: { segment: Segment; value: Json | undefined }[] }[] {
  const runs = (segments ?? []).map((segment) => ({ segment, params: isObject(segment.params) ? segment.params : {} }));
  const names = new Set([...Object.keys(today), ...runs.flatMap((r) => Object.keys(r.params))]);
  return [...names].map((name) => ({ name, days: runs.filter((r) => !same(r.params[name], today[name])).map((r) => ({ segment: r.segment, value: r.params[name] })) })).filter((x) => x.days.length > 0);
}

const inWords = (name: string, value: Json | undefined) => paramLines({ [name]: value })[0]?.[1] ?? b.notStated;

function Desk({ detail, obligations }: { detail: ContractDetail; obligations: { key: string; kind: string; title: string; params?: unknown; segments?: List<Segment> }[] }) {
  const [filters, setFilters] = useFilters();
  const today = new Date(productNow()).toISOString().slice(0, 10);
  const first = periodOf('last_quarter', today);
  const period = { from: filters.from ?? first.from, to: filters.to ?? first.to };
  const [asOf, setAsOf] = useState('');
  const [key, setKey] = useState('');
  const [params, setParams] = useState<JsonObject>({});
  const [everyDay, setEveryDay] = useState<string[]>([]);
  const [without, setWithout] = useState<string[]>([]);
  const amendments = amendmentsOf(detail);
  const chosen = obligations.find((o) => o.key === key);
  const before: JsonObject = isObject(chosen?.params) ? chosen.params : {};
  const differing = otherDays(chosen?.segments, before);
  const patch = chosen ? patchOf(before, params) : {};
  const unchanged = differing.filter((x) => !(x.name in patch));
  for (const x of differing) if (x.name in patch || everyDay.includes(x.name)) patch[x.name] = everywhere(params[x.name], x.days.map((d) => d.value));
  const asked: Asked = { ...period, asOf, key, params: patch, without };
  const run = useMutation({
    mutationFn: async (a: Asked) => ({ asked: a, replayed: await post<Replayed>(`/contracts/${detail.contract.id}/backtest`, {
      ...(a.from ? { from: a.from } : {}), ...(a.to ? { to: addDays(a.to, 1) } : {}), ...(a.asOf ? { as_of: `${addDays(a.asOf, 1)}T00:00:00Z` } : {}),
      ...(Object.keys(a.params).length > 0 ? { changes: [{ obligation: a.key, params: a.params }] } : {}), ...(a.without.length > 0 ? { without: a.without } : {}),
    }) }),
  });
  const titles = Object.fromEntries([...(run.data?.replayed.passed ?? []).map((p): [string, string] => [p.obligation, p.title]), ...obligations.map((o): [string, string] => [o.key, o.title])]);
  const choose = (next: string | null) => {
    const o = obligations.find((x) => x.key === next);
    setKey(next ?? '');
    setParams(isObject(o?.params) ? o.params : {});
    setEveryDay([]);
  };
  const current = periodNames.find((n) => { const p = periodOf(n, today); return p.from === period.from && p.to === period.to; });
  return (
    <div className="stack">
      <Panel title={b.title} note={b.nothing}>
        <form className="stack" onSubmit={(e) => { e.preventDefault(); run.mutate(asked); }}>
          <div className="row tight" role="group" aria-label={b.presets}>
            {periodNames.map((n) => <button key={n} type="button" className="chip" aria-pressed={n === current} onClick={() => setFilters({ ...periodOf(n, today) })}>{b.periods[n]}</button>)}
          </div>
          <div className="form-row">
            <TextInput type="date" label={b.from} value={period.from} onChange={(e) => setFilters({ from: e.currentTarget.value })} />
            <TextInput type="date" label={b.to} value={period.to} onChange={(e) => setFilters({ to: e.currentTarget.value })} />
            <TextInput type="date" label={b.asOf} value={asOf} onChange={(e) => setAsOf(e.currentTarget.value)} />
          </div>
          <fieldset className="form-group"><legend>{b.whatIf}</legend>
            <Select label={b.obligation} placeholder={b.unchanged} data={obligations.map((o) => ({ value: o.key, label: o.title }))} value={key || null} clearable clearButtonProps={{ 'aria-label': m.common.remove }} onChange={choose} maw={560} />
            {chosen && <ParamsForm key={key} kind={chosen.kind} value={params} errors={fieldErrors(run.error)} onChange={setParams} />}
            {unchanged.length > 0 && <Checkbox.Group label={b.everyDay} description={b.everyDayText} value={everyDay} onChange={setEveryDay}><div className="stack tight" style={{ marginTop: 6 }}>{unchanged.map((x) => <Checkbox key={x.name} value={x.name} label={b.onAllDays(capital(words(x.name)), inWords(x.name, params[x.name]), x.days.map((d) => [inWords(x.name, d.value), d.segment.from && m.common.from(formatDate(d.segment.from)), d.segment.until && m.common.until(formatDate(d.segment.until))].filter(Boolean).join(' ')).join(', '))} />)}</div></Checkbox.Group>}
            {amendments.length > 0 && <Checkbox.Group label={b.without} description={b.withoutText} value={without} onChange={setWithout}><div className="stack tight" style={{ marginTop: 6 }}>{amendments.map((a) => <Checkbox key={a.id} value={a.id} label={[a.title || a.number, a.effective_date && m.common.from(formatDate(a.effective_date))].filter(Boolean).join(', ')} />)}</div></Checkbox.Group>}
          </fieldset>
          <div className="row"><Button type="submit" loading={run.isPending}>{b.run}</Button><span className="small dim">{chosen && Object.keys(patch).length === 0 ? b.nothingChanged : b.nothingText}</span></div>
          {run.error && <ErrorState error={run.error} />}
        </form>
      </Panel>
      {run.data && <Results replayed={run.data.replayed} asked={run.data.asked} titles={titles} amendments={amendments} />}
    </div>
  );
}

function fieldErrors(error: Error | null): FieldError[] {
  if (!(error instanceof ApiError)) return [];
  return (error.problem.errors ?? []).filter((e) => /^body\.changes\[\d+\]\.params/.test(e.location ?? '')).map((e) => ({ field: (e.location ?? '').replace(/^body\.changes\[\d+\]\.params\.?/, ''), message: e.message }));
}

function Results({ replayed, asked, titles, amendments }: { replayed: Replayed; asked: Asked; titles: Record<string, string>; amendments: Contract[] }) {
  const { report } = replayed;
  const [shown, setShown] = useState<BacktestResult>();
  const changed = Object.keys(asked.params).length > 0 || asked.without.length > 0;
  const titleOf = (key: string) => titles[key] ?? words(key);
  const list = report.occurrences ?? [];
  const passed = replayed.passed ?? [];
  const unused = report.unused ?? [];
  const from = Object.fromEntries(passed.filter((p) => !p.own).map((p) => [p.obligation, p.contract]));
  const said = [Object.keys(asked.params).length > 0 && b.saidParams(titleOf(asked.key), Object.keys(asked.params).map((n) => words(n)).join(', ')), asked.without.length > 0 && b.saidWithout(asked.without.map((id) => amendments.find((a) => a.id === id)?.title ?? id).join(', '))].filter(Boolean).join(' ');
  const out = asked.without.length;
  const how = out === 0 ? b.changed : Object.keys(asked.params).length > 0 ? b.changedLeft(out) : b.left(out);
  const columns: Column<BacktestResult>[] = [
    { id: 'subject', header: m.contract.occurrences, cell: (r) => <button type="button" className="linkish strong wrap" onClick={() => setShown(r)} aria-label={b.stepsOf(`${titleOf(r.obligation)}, ${r.subject || r.key}`)}>{r.subject || r.key}</button> },
    { id: 'obligation', header: b.obligationHead, cell: (r) => <span className="wrap">{titleOf(r.obligation)}{from[r.obligation] && <span className="small dim" style={{ display: 'block' }}>{b.passedBy(from[r.obligation] ?? '')}</span>}</span> },
    { id: 'status', header: m.common.state, cell: (r) => <StateBadge domain="occurrence" state={r.assessment.status} /> },
    { id: 'due', header: m.contract.due, cell: (r) => dueDay(r.kind, r.assessment.due_at, r.due_on) ?? <Time at={r.assessment.due_at} /> },
    { id: 'measured', header: m.contract.measured, cell: (r) => <span className="nowrap">{formatProgress(r.kind, r.assessment)}</span> },
    { id: 'amount', header: m.findings.amount, align: 'right', cell: (r) => <Sum verdict={r.assessment} /> },
  ];
  const differences: Column<Deviation>[] = [
    { id: 'subject', header: m.contract.occurrences, cell: (d) => <span className="strong wrap">{d.subject || d.key}</span> },
    { id: 'obligation', header: b.obligationHead, cell: (d) => <span className="wrap">{titleOf(d.obligation)}</span> },
    { id: 'was', header: out > 0 ? b.registeredWith(out) : b.registered, cell: (d) => <VerdictView verdict={d.registered} /> },
    { id: 'is', header: how, cell: (d) => <VerdictView verdict={d.changed} /> },
    { id: 'delta', header: b.difference, align: 'right', cell: (d) => d.delta && <strong className="num nowrap">{d.delta.value.startsWith('-') ? '' : '+'}{formatMoney(d.delta)}</strong> },
  ];
  const events: Column<UnusedEvent>[] = [
    { id: 'event', header: b.event, cell: (u) => <span className="strong wrap">{words(u.kind)} {u.subject}<span className="small dim" style={{ display: 'block' }}>{u.external_id}</span></span> },
    { id: 'on', header: b.when, cell: (u) => <Time at={u.on} /> },
    { id: 'why', header: b.why, cell: (u) => <span className="wrap">{u.message}</span> },
  ];
  const slips: Column<UnlikelyEvent>[] = [
    { id: 'event', header: b.event, cell: (u) => <span className="strong wrap">{u.external_id}<span className="small dim" style={{ display: 'block' }}>{u.field}</span></span> },
    { id: 'why', header: b.why, cell: (u) => <span className="wrap">{u.message}</span> },
  ];
  return (
    <div className="stack" aria-live="polite">
      <Panel title={b.result}>
        {said && <p style={{ margin: '0 0 10px' }} className="wrap">{said}</p>}
        <Facts items={[[b.period, [asked.from && m.common.from(formatDate(asked.from)), asked.to && m.common.until(formatDate(asked.to))].filter(Boolean).join(' ')], [m.contract.asOf, formatTime(report.as_of)], [b.looked, `${plural(replayed.events, 'event')}, ${plural(list.length, 'occurrence')}`],
          ...(report.totals ?? []).map((t): [string, string] => [titleOf(t.obligation), formatMoney(t.amount)]), [b.unusedCount, replayed.unused > 0 ? plural(replayed.unused, 'event') : ''], [b.notJudged, (report.not_judged ?? []).map(titleOf).join(', ')]]} />
        {passed.length > 0 && (
          <div className="stack tight" style={{ marginTop: 12 }}>
            <span><strong>{b.passed}</strong> <span className="small dim">{b.passedNote}</span></span>
            <ul style={{ margin: 0 }}>{passed.map((p) => <li key={p.obligation} className="wrap">{p.title || titleOf(p.obligation)} <span className="small dim">{b.passedBy('')}<Link to="/contracts/$id" params={{ id: p.contract_id }} search={{ tab: 'obligations' } as never}>{p.contract}</Link>{p.own && `; ${b.passedOwn}`}</span></li>)}</ul>
          </div>
        )}
      </Panel>
      {changed && <Panel title={b.differences} note={b.against} flush>{(replayed.differences ?? []).length === 0 ? <Empty title={b.same} text={b.sameText} /> : <DataTable rows={replayed.differences ?? []} columns={differences} keyOf={(d) => `${d.obligation} ${d.key}`} label={b.differences} />}</Panel>}
      {(report.questions ?? []).length > 0 && <Questions list={report.questions ?? []} titleOf={titleOf} />}
      <Panel title={changed ? b.occurrencesOf(how) : b.occurrences} flush>{list.length === 0 ? <Empty title={b.none} text={b.noneText} /> : <DataTable rows={list} columns={columns} keyOf={(r) => `${r.obligation} ${r.key}`} label={b.occurrences} />}</Panel>
      {(report.unlikely ?? []).length > 0 && <Panel title={b.unlikely} note={b.unlikelyNote} flush><DataTable rows={report.unlikely ?? []} columns={slips} keyOf={(u) => `${u.event_id} ${u.field}`} label={b.unlikely} /></Panel>}
      {unused.length > 0 && <Panel title={b.unused} note={replayed.unused > unused.length ? b.unusedMore(replayed.unused - unused.length) : b.unusedNote} flush><DataTable rows={unused} columns={events} keyOf={(u) => u.event_id} label={b.unused} /></Panel>}
      {(report.next ?? []).length > 0 && <Panel title={b.next}><ul style={{ margin: 0 }}>{report.next?.slice(0, 20).map((n) => <li key={`${n.obligation} ${n.occurrence}`} className="wrap"><Time at={n.at} />: {titleOf(n.obligation)}, {n.occurrence}</li>)}</ul></Panel>}
      {shown && <Steps result={shown} title={`${titleOf(shown.obligation)}: ${shown.subject || shown.key}`} onClose={() => setShown(undefined)} />}
    </div>
  );
}

const waits = (state: string | undefined) => state && <span className="badge tone-warn"><Glyph name="question" />{words(state)}</span>;

function Sum({ verdict }: { verdict: Verdict }) {
  return verdict.amount ? <span className="num nowrap">{formatMoney(verdict.amount)}</span> : <>{waits(verdict.amount_state)}</>;
}

function VerdictView({ verdict }: { verdict: Verdict | undefined }) {
  if (!verdict) return <span className="dim">{b.absent}</span>;
  return <span className="row tight"><StateBadge domain="occurrence" state={verdict.status} /><Sum verdict={verdict} /></span>;
}

function Questions({ list, titleOf }: { list: BacktestQuestion[]; titleOf: (key: string) => string }) {
  return (
    <Panel title={m.finding.ambiguities}>
      <div className="stack mid">
        {list.map((q, i) => (
          <div key={i}><p style={{ margin: 0 }} className="wrap"><Glyph name="question" /> {q.ambiguity.question} <span className="small dim">{[titleOf(q.obligation), q.occurrence].filter(Boolean).join(', ')}</span></p>
            {(q.ambiguity.outcomes ?? []).length > 0 && <ul style={{ margin: '6px 0 0' }}>{q.ambiguity.outcomes?.map((o) => <li key={o.reading} className="wrap">{o.reading}: <strong className="num">{formatMoney(o.amount) || o.result}</strong></li>)}</ul>}</div>
        ))}
      </div>
    </Panel>
  );
}

/** The computation of one occurrence, and what late facts changed of it. */
function Steps({ result, title, onClose }: { result: BacktestResult; title: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={title} size="xl" closeButtonProps={{ 'aria-label': m.common.close }}>
      <div className="stack">
        <div className="row tight"><StateBadge domain="occurrence" state={result.assessment.status} /><Sum verdict={result.assessment} />{result.claim && <span className="small dim">{m.findings.claimBy}: {formatDate(result.claim.by)}</span>}</div>
        <TracePanel steps={result.assessment.trace ?? []} />
        {(result.corrections ?? []).length > 0 && <Panel title={m.finding.corrections}><ul style={{ margin: 0 }}>{result.corrections?.map((c, i) => <li key={i}><Time at={c.at} />: {c.reason} {c.delta && <strong className="num">{formatMoney(c.delta)}</strong>}</li>)}</ul></Panel>}
      </div>
    </Modal>
  );
}
