import { useQuery } from '@tanstack/react-query';
import { documentQuery } from '../api/queries';
import type { Evidence, Passage, Statement, Value } from '../api/types';
import { formatTime, shareToPercent } from '../lib/format';
import { useNames } from '../lib/people';
import { tierText, valueText } from '../lib/value';
import { m } from '../messages';
import { StateBadge } from './Glyph';
import { Go } from './Go';

/** A value as it reads best: tiers and parties as lines, everything else as one line. */
export function ValueView({ value, struck }: { value: Value | undefined | null; struck?: boolean }) {
  if (!value) return <span className="dim">{m.common.none}</span>;
  const className = struck ? 'struck num' : 'num';
  if (value.kind === 'tiers' && (value.tiers ?? []).length > 1) {
    return <span className={className}>{(value.tiers ?? []).map((t, i) => <span key={i} style={{ display: 'block' }}>{tierText(t)}</span>)}</span>;
  }
  if (value.kind === 'parties') {
    return <span className={className}>{(value.parties ?? []).map((p, i) => <span key={i} style={{ display: 'block' }}>{p.name}{p.role && <span className="dim"> · {p.role}</span>}</span>)}</span>;
  }
  return <span className={className} style={{ textAlign: 'inherit', overflowWrap: 'anywhere' }}>{valueText(value)}</span>;
}

/** Five bars and the exact number; the bars never round up over the threshold. */
export function Confidence({ share, threshold }: { share: string; threshold?: string | undefined }) {
  const on = Math.floor(Number(share) * 5 + 1e-9);
  const passes = !threshold || Number(share) >= Number(threshold);
  return (
    <span className={`row tight num ${passes ? 'ink-ok' : 'ink-warn'}`} style={{ gap: 6, flexWrap: 'nowrap' }}>
      <span className="bars" aria-hidden>{[0, 1, 2, 3, 4].map((i) => <i key={i} className={i < on ? 'on' : ''} style={{ height: 4 + i * 2 }} />)}</span>
      <span className="small">{shareToPercent(share)} %</span>
    </span>
  );
}

/** Leads to the place of a passage: the document of its contract, beside its clauses. */
function PlaceLink({ id, passage }: { id: string; passage: Passage }) {
  const document = useQuery(documentQuery(id)).data;
  if (!document) return null; // not readable, or outside the reader's units: the quote stands alone
  return <Go href={`/contracts/${document.contract_id}?tab=clauses&document=${id}&at=${passage.start}-${passage.end}`}>{m.workbench.show}</Go>;
}

function Said({ statement }: { statement: Statement }) {
  const nameOf = useNames();
  return <p style={{ margin: 0 }} className="wrap">“{statement.text}”{statement.reason && <> {statement.reason}</>} <span className="dim small">{nameOf(statement.by)}, {formatTime(statement.at)}</span></p>;
}

/**
 * What the badge under a quote says: that the quote stands in the document proves nothing of a value that does not follow from it. `reading` is the
 * verification of the value that rests on the quote, where there is one.
 */
export const verificationShown = (quote: string, reading: string | undefined) => (reading === 'unverified' && quote !== 'unverified' ? 'quote_only' : quote);

/** What supports a value: the quote with page and clause, the record, or a person's word. */
export function EvidenceView({ evidence, reading, onShow, unjudged, linked = true }: { evidence: Evidence; reading?: string | undefined; onShow?: () => void; unjudged?: boolean; linked?: boolean }) {
  const { passage, record, statement } = evidence;
  if (passage) {
    const page = passage.places?.find((p) => p.page)?.page;
    return (
      <figure style={{ margin: 0 }}>
        <blockquote className="quote">{passage.quote}</blockquote>
        <figcaption className="quote-foot">
          {passage.clause && <span>{m.common.clause(passage.clause)}</span>}
          {page && <span>{m.common.page(page)}</span>}
          {!unjudged && <StateBadge domain="verification" state={verificationShown(passage.verification, reading)} />}
          {onShow && <button type="button" className="linkish" onClick={onShow}>{m.workbench.show}</button>}
          {!onShow && !unjudged && linked && passage.document_id && <PlaceLink id={passage.document_id} passage={passage} />}
        </figcaption>
      </figure>
    );
  }
  if (record) {
    return <p style={{ margin: 0 }} className="wrap">{record.object} {record.url ? <a href={record.url} target="_blank" rel="noreferrer">{record.external_id}</a> : record.external_id}{record.field && `, ${record.field}`}{record.value && `: ${record.value}`}</p>;
  }
  if (statement) return <Said statement={statement} />;
  return null;
}
