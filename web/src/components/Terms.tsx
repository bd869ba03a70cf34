import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import type { ContractDetail, InForce, Term } from '../api/types';
import { formatDate, formatTime } from '../lib/format';
import { m } from '../messages';
import { Confidence, EvidenceView, ValueView } from './Evidence';
import { StateBadge } from './Glyph';
import { Facts, Panel } from './Page';
import { Empty } from './States';

const c = m.contract;

/** Terms in force with where each comes from: the clause, who read it, how sure, who decided, what it replaced. */
export function TermsTab({ detail }: { detail: ContractDetail }) {
  const { contract, version } = detail;
  const inForce = detail.in_force ?? [];
  const terms = version?.terms ?? [];
  const rows = inForce.length > 0 ? inForce : terms.map((t): InForce => ({ name: t.name, label: t.name.replaceAll('_', ' '), value: t.value }));
  return (
    <div className="halves">
      <Panel title={c.inForce} note={version && c.versionNote(version.number, version.published_by, formatTime(version.published_at))} flush>
        {rows.length === 0 ? <Empty title={c.notPublished} text={c.notPublishedText} /> : rows.map((row) => <TermRow key={row.name} row={row} term={terms.find((t) => t.name === row.name)} detail={detail} />)}
      </Panel>
      <div className="stack">
        <Panel title={m.common.details}>
          <Facts items={[[c.phase, contract.phase], [c.owner, contract.owner], [m.contracts.sendBy, formatDate(contract.send_by)], [m.overview.renews, formatDate(contract.renewal_date)], [m.contracts.unit, contract.business_unit],
            [c.source, contract.source && (contract.source.url ? <a key="s" href={contract.source.url} target="_blank" rel="noreferrer">{contract.source.object} {contract.source.external_id}</a> : `${contract.source.object} ${contract.source.external_id}`)], [m.contracts.added, formatTime(contract.created_at)]]} />
        </Panel>
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
  const [open, setOpen] = useState(false);
  const source = row.contract_id && row.contract_id !== detail.contract.id ? detail.family?.find((f) => f.id === row.contract_id) : undefined;
  const id = `term-${row.name}`;
  return (
    <div className="term">
      <button type="button" className="term-head" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <span className="dim">{row.label}</span>
        <span>
          <ValueView value={row.value} />
          {row.superseded?.map((s, i) => <span key={i} className="small" style={{ display: 'block' }}><ValueView value={s.value} struck /> <span className="dim">{s.why || c.superseded}</span></span>)}
        </span>
        {term ? <Confidence share={term.confidence} /> : <span />}
      </button>
      {open && (
        <div id={id} className="stack mid term-body">
          {source && <span className="small"><span className="dim">{c.governedBy} </span><Link to="/contracts/$id" params={{ id: source.id }}>{source.title}</Link></span>}
          {row.rule && <span className="small dim">{row.rule}{row.from && `, ${m.common.from(formatDate(row.from))}`}</span>}
          {(term?.evidence ?? []).map((e, i) => <EvidenceView key={i} evidence={e} />)}
          {term?.derivation && <span className="small"><span className="dim">{c.derived}: </span>{term.derivation.rule}</span>}
          {!term?.evidence?.length && !term?.derivation && <span className="small dim">{c.noEvidence}</span>}
          {term && <span className="small dim">{[term.extractor && `${c.extractor} ${term.extractor}`, term.decided_by && `${c.decided} ${term.decided_by}`].filter(Boolean).join(' · ')}</span>}
        </div>
      )}
    </div>
  );
}
