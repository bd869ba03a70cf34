import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { inForceQuery } from '../api/queries';
import type { ContractDetail, InForce, OtherValue, Term } from '../api/types';
import { useFilters } from '../lib/filters';
import { productNow } from '../lib/clock';
import { distinct } from '../lib/evidence';
import { capital, datesIn, formatDate, formatTime } from '../lib/format';
import { useNames } from '../lib/people';
import { valueText } from '../lib/value';
import { m } from '../messages';
import { Confidence, EvidenceView, ValueView } from './Evidence';
import { StateBadge } from './Glyph';
import { Facts, Panel } from './Page';
import { RenewalState } from './RenewalState';
import { Empty, ErrorState } from './States';

const c = m.contract;
const today = () => new Date(productNow()).toISOString().slice(0, 10);
/** The rule where nothing competes: it says nothing that the value alone does not. */
const onlyOne = 'the only one in force';
const isDay = (text: string | undefined): text is string => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');

/** Terms in force with where each comes from: the clause, who read it, how sure, who decided, what it replaced. */
export function TermsTab({ detail }: { detail: ContractDetail }) {
  const { contract, version } = detail;
  const nameOf = useNames();
  const [filters, setFilters] = useFilters();
  const on = isDay(filters.on) ? filters.on : '';
  const asOf = useQuery({ ...inForceQuery(contract.id, on), enabled: on !== '' && !!version, placeholderData: keepPreviousData });
  const inForce = (on ? asOf.data?.items : detail.in_force) ?? [];
  const terms = version?.terms ?? [];
  const ends = on ? asOf.data?.ends : detail.ends;
  const rows = inForce.length > 0 || on ? inForce : terms.map((t): InForce => ({ name: t.name, label: t.name.replaceAll('_', ' '), value: t.value }));
  return (
    <div className="halves">
      <Panel title={on ? c.inForceOn(formatDate(on)) : c.inForce} note={version && m.contracts.version(version.number)} flush
        actions={version && (
          <div className="row tight" style={{ flexWrap: 'nowrap' }}>
            <label className="small dim nowrap" htmlFor="in-force-on">{c.asOf}</label>
            <TextInput id="in-force-on" type="date" size="xs" value={on || today()} onChange={(e) => setFilters({ on: e.currentTarget.value })} />
            {on && <Button size="xs" variant="subtle" color="gray" onClick={() => setFilters({ on: undefined })}>{c.today}</Button>}
          </div>
        )}>
        {ends && <p style={{ padding: '0 16px 10px', margin: 0 }}>{capital(datesIn(ends))}.</p>}
        {asOf.isError && on ? <div style={{ padding: '0 16px 14px' }}><ErrorState error={asOf.error} retry={() => void asOf.refetch()} /></div>
          : rows.length === 0 ? (on ? (asOf.isPending ? null : <Empty title={c.nothingInForce(formatDate(on))} text={c.nothingInForceText} />) : <Empty title={c.notPublished} text={c.notPublishedText} />)
            : rows.map((row) => <TermRow key={row.name} row={row} term={row.contract_id && row.contract_id !== contract.id ? undefined : terms.find((t) => t.name === row.name)} detail={detail} />)}
      </Panel>
      <div className="stack">
        <Panel title={m.common.details}>
          <Facts items={[[c.phase, contract.phase], [c.owner, contract.owner], [m.contracts.sendBy, formatDate(contract.send_by)], [m.overview.renews, formatDate(contract.renewal_date)], [m.contracts.unit, contract.business_unit],
            [c.source, contract.source && (contract.source.url ? <a key="s" href={contract.source.url} target="_blank" rel="noreferrer">{contract.source.object} {contract.source.external_id}</a> : `${contract.source.object} ${contract.source.external_id}`)], [m.contracts.added, formatTime(contract.created_at)], [c.published, version && c.publishedBy(nameOf(version.published_by), formatTime(version.published_at))]]} />
        </Panel>
        {detail.renewal && <Panel title={m.renewals.panel} note={detail.renewal.renewal_date ? formatDate(detail.renewal.renewal_date) : undefined}><RenewalState row={detail.renewal} /></Panel>}
        {contract.facts && Object.keys(contract.facts).length > 0 && <Panel title={c.facts} note={c.factsNote}><Facts items={Object.entries(contract.facts).map(([k, v]) => [k.replaceAll('_', ' '), v])} /></Panel>}
        <Panel title={c.links}>
          {(detail.links ?? []).length === 0 && <p className="dim" style={{ margin: 0 }}>{c.linksEmpty}</p>}
          <div className="stack mid">
            {detail.links?.map((l) => (
              <div key={l.id}>
                <div className="row between"><span className="wrap">{l.object} {l.url ? <a href={l.url} target="_blank" rel="noreferrer">{l.name}</a> : <strong>{l.name}</strong>}</span><StateBadge domain="link" state={l.state} /></div>
                {l.explanation?.map((e, i) => <div key={i} className="small dim">{e}</div>)}
              </div>
            ))}
          </div>
        </Panel>
      </div>
    </div>
  );
}

function TermRow({ row, term, detail }: { row: InForce; term: Term | undefined; detail: ContractDetail }) {
  const nameOf = useNames();
  const [open, setOpen] = useState(false);
  const source = row.contract_id && row.contract_id !== detail.contract.id ? detail.family?.find((f) => f.id === row.contract_id) : undefined;
  const id = `term-${row.name}`;
  return (
    <div className="term">
      <button type="button" className="term-head" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <span className="dim">{row.label}</span>
        <span>
          {row.value ? <ValueView value={row.value} /> : <span className="dim">{row.question ? datesIn(row.question) : m.operation.deleted}</span>}
          {source && <span className="small dim" style={{ display: 'block' }}>{c.governedBy} {source.title}{row.from && `, ${m.common.from(formatDate(row.from))}`}</span>}
          <Others list={row.readings} value={row.value} />
          <Others list={row.superseded} value={row.value} struck />
          <Others list={row.coming} value={row.value} />
        </span>
        {!row.value ? <span /> : term && !term.derivation && term.extractor !== 'person' ? <Confidence share={term.confidence} /> : <span className="small dim">{term?.derivation ? c.derived.toLowerCase() : term ? c.person.toLowerCase() : ''}</span>}
      </button>
      {open && (
        <div id={id} className="stack mid term-body">
          {source && <span className="small"><span className="dim">{c.governedBy} </span><Link to="/contracts/$id" params={{ id: source.id }}>{source.title}</Link></span>}
          {row.rule && row.rule !== onlyOne && <span className="small"><span className="dim">{c.whyInForce} </span>{capital(datesIn(row.rule))}</span>}
          {[...(row.superseded ?? []), ...(row.coming ?? [])].filter((o) => o.why !== row.rule).map((o, i) => <span key={i} className="small dim">{capital(datesIn(o.why))}</span>)}
          {(row.order ?? []).length > 0 && <span className="small dim">{c.orderOf}</span>}
          {distinct(row.order ?? []).map((e, i) => <EvidenceView key={`order-${i}`} evidence={e} />)}
          {distinct(row.evidence ?? term?.evidence ?? []).map((e, i) => <EvidenceView key={i} evidence={e} />)}
          {term?.derivation && <span className="small"><span className="dim">{c.derived}: </span>{term.derivation.rule}</span>}
          {!source && !row.evidence?.length && !term?.evidence?.length && !term?.derivation && <span className="small dim">{c.noEvidence}</span>}
          {term && <span className="small dim">{[term.extractor && `${c.extractor} ${term.extractor}`, term.decided_by && `${c.decided} ${nameOf(term.decided_by)}`].filter(Boolean).join(' · ')}</span>}
        </div>
      )}
    </div>
  );
}

/** Values of other documents: struck where this one took their place, announced where they hold from a later day. */
function Others({ list, value, struck }: { list: OtherValue[] | null | undefined; value: InForce['value']; struck?: boolean }) {
  const others = (list ?? []).filter((o) => valueText(o.value) !== valueText(value));
  if (others.length === 0) return null;
  return (
    <span className="others">
      {others.map((o, i) => (
        <span key={i} className="small" style={{ display: 'block' }}>
          {struck ? <del><ValueView value={o.value} struck /></del> : <>{o.from ? m.common.from(formatDate(o.from)) : ''} <ValueView value={o.value} /></>} <span className="dim">{struck && o.by && o.by !== o.title ? c.takenOverBy(o.by) : o.title || (struck ? c.superseded : '')}</span>
        </span>
      ))}
    </span>
  );
}
