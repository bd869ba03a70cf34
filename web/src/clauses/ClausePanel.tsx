import '../styles/clauses.css';

import { Button, SegmentedControl, Select } from '@mantine/core';
import { useInfiniteQuery, useQuery, type UseInfiniteQueryResult, type InfiniteData } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { clausesQuery, definitionsQuery, referencesQuery, signaturesQuery } from '../api/queries';
import type { ClauseFound, ClauseKind, ClausePage, Definition, Page, Signature, Spot, TextReference } from '../api/types';
import { Confidence } from '../components/Evidence';
import { Glyph } from '../components/Glyph';
import { Empty, ErrorState, Skeleton } from '../components/States';
import { useFilters } from '../lib/filters';
import { formatDate, plural, shareToPercent } from '../lib/format';
import { m } from '../messages';
import type { Shown } from './useSpot';

const c = m.clauses;
const parts = ['clauses', 'definitions', 'references', 'signatures'] as const;
type Part = (typeof parts)[number];

interface Props { documentID: string; shown: Shown | undefined; onShow: (spot: Shown) => void }

/** What a document says where: clauses by kind, defined words, cross-references, signatures. Each is shown in the document. */
export function ClausePanel(props: Props) {
  const [filters, set] = useFilters();
  const part: Part = parts.find((p) => p === filters.part) ?? 'clauses';
  return (
    <section className="desk" aria-label={c.panel}>
      <div className="desk-bar">
        <SegmentedControl size="xs" fullWidth aria-label={c.part} data={parts.map((p) => ({ value: p, label: c.parts[p] }))} value={part} onChange={(p) => set({ part: p === 'clauses' ? undefined : p })} />
      </div>
      <div className="clause-list" key={`${props.documentID}/${part}`}>
        {part === 'clauses' ? <Clauses {...props} /> : part === 'definitions' ? <Definitions {...props} /> : part === 'references' ? <References {...props} /> : <Signatures {...props} />}
      </div>
    </section>
  );
}

const isShown = (shown: Shown | undefined, at: Shown) => !!shown && shown.start === at.start && shown.end === at.end;
const where = (at: Spot) => [at.clause && m.common.clause(at.clause), at.page && m.common.page(at.page)].filter(Boolean).join(', ');

/** The pages of a list, with its faces. */
function Pages<P extends { next?: string }>({ query, children }: { query: UseInfiniteQueryResult<InfiniteData<P>>; children: (pages: P[]) => ReactNode }) {
  if (query.isPending) return <Skeleton rows={8} />;
  if (!query.data) return <div style={{ padding: 12 }}><ErrorState error={query.error ?? new Error(m.common.failed)} retry={() => void query.refetch()} /></div>;
  return (
    <>
      {children(query.data.pages)}
      {query.hasNextPage && <div className="clause-more"><Button size="xs" variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{m.common.more}</Button></div>}
    </>
  );
}

function Clauses({ documentID, shown, onShow }: Props) {
  const [filters, set] = useFilters();
  const query = useInfiniteQuery(clausesQuery(documentID));
  return (
    <Pages<ClausePage> query={query}>
      {(pages) => {
        const kinds = pages[0]?.categories ?? [];
        if (kinds.length === 0) return <Empty title={c.notSearched} text={c.notSearchedText} />;
        const items = pages.flatMap((p) => p.items ?? []);
        const chosen = kinds.find((k) => k.category === filters.kind);
        const found = kinds.filter((k) => k.found > 0 && (!chosen || k === chosen));
        const absent = kinds.filter((k) => k.found === 0);
        const option = (k: ClauseKind) => ({ value: k.category, label: k.found ? `${k.label} (${k.found})` : k.label });
        return (
          <>
            <div className="clause-filter">
              <Select size="xs" aria-label={c.category} placeholder={c.all} searchable clearable value={chosen?.category ?? null} onChange={(kind) => set({ kind: kind ?? undefined })} nothingFoundMessage={m.command.nothing} maxDropdownHeight={320}
                clearButtonProps={{ 'aria-label': m.common.clear }} data={[{ group: c.parts.clauses, items: kinds.filter((k) => k.found > 0).map(option) }, { group: c.absent(absent.length), items: absent.map(option) }].filter((g) => g.items.length > 0)} />
              {pages[0]?.extractor && <p className="small dim">{c.by(pages[0].extractor)}</p>}
            </div>
            {found.map((k) => <Kind key={k.category} kind={k} clauses={items.filter((x) => x.category === k.category)} shown={shown} onShow={onShow} />)}
            {chosen?.found === 0 && <Empty title={c.chosenAbsent(chosen.label)} text={`${c.chosenAbsentText} ${capital(c.likely(shareToPercent(whole(chosen.confidence))))}.`} />}
            {!chosen && absent.length > 0 && <Absent kinds={absent} />}
          </>
        );
      }}
    </Pages>
  );
}

/** A share to whole percent: two decimals more say nothing here. Never 100 where it is less. */
const whole = (share: string) => (Math.min(0.99, Math.round(Number(share) * 100) / 100) || 0).toFixed(2);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function Kind({ kind, clauses, shown, onShow }: { kind: ClauseKind; clauses: ClauseFound[]; shown: Shown | undefined; onShow: (spot: Shown) => void }) {
  return (
    <section aria-label={kind.label} className="clause-kind">
      <header><h2>{kind.label}</h2><span className="small dim">{kind.question}</span></header>
      <ul>
        {clauses.map((x) => (
          <li key={x.passage.start}>
            <button type="button" className="clause" aria-pressed={isShown(shown, x.passage)} onClick={() => onShow(x.passage)}>
              <span className="clause-head"><span className="small dim">{where({ ...x.passage, page: x.passage.places?.find((p) => p.page)?.page ?? 0 }) || c.noNumber}</span>{x.verification !== 'verified' && <span className="small ink-warn"><Glyph name="alert" size={13} /> {x.verification}</span>}<Confidence share={whole(x.confidence)} /></span>
              <span className="clause-quote">{x.passage.quote.replace(/\s+/g, ' ')}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was looked for and not found: that a clause is missing is an answer too. */
function Absent({ kinds }: { kinds: ClauseKind[] }) {
  return (
    <section className="clause-kind" aria-label={c.absent(kinds.length)}>
      <header><h2>{c.absent(kinds.length)}</h2><span className="small dim">{c.absentText}</span></header>
      <ul className="clause-absent">
        {kinds.map((k) => <li key={k.category}><span>{k.label}</span><span className="small dim num">{shareToPercent(whole(k.confidence))} %</span></li>)}
      </ul>
    </section>
  );
}

function Definitions({ documentID, shown, onShow }: Props) {
  const query = useInfiniteQuery(definitionsQuery(documentID));
  return (
    <Pages<Page<Definition>> query={query}>
      {(pages) => {
        const items = pages.flatMap((p) => p.items ?? []);
        if (items.length === 0) return <Empty title={c.noDefinitions} text={c.noDefinitionsText} />;
        return (
          <ul className="clause-rows">
            {items.map((d) => (
              <li key={d.at.start}>
                <button type="button" className="clause" aria-pressed={isShown(shown, d.means)} onClick={() => onShow(d.means)}>
                  <span className="clause-head"><strong>{d.term}</strong><span className="small dim">{where(d.at)}</span></span>
                  <span className="clause-quote">{d.meaning.replace(/\s+/g, ' ')}</span>
                </button>
                <div className="clause-uses">
                  <span className="small dim">{c.uses(d.used)}</span>
                  {(d.uses ?? []).slice(0, 12).map((u, i) => <button key={u.start} type="button" className="chip" aria-pressed={isShown(shown, u)} aria-label={c.usedIn(`${where(u) || c.noNumber} (${i + 1})`)} onClick={() => onShow(u)}>{u.clause || (u.page ? m.common.page(u.page) : i + 1)}</button>)}
                  {d.used > 12 && <span className="small dim">{c.more(d.used - 12)}</span>}
                </div>
              </li>
            ))}
          </ul>
        );
      }}
    </Pages>
  );
}

function References({ documentID, shown, onShow }: Props) {
  const query = useInfiniteQuery(referencesQuery(documentID));
  return (
    <Pages<Page<TextReference>> query={query}>
      {(pages) => {
        const items = pages.flatMap((p) => p.items ?? []);
        if (items.length === 0) return <Empty title={c.noReferences} text={c.noReferencesText} />;
        return (
          <ul className="clause-rows">
            {items.map((r) => (
              <li key={r.at.start} className="clause-ref">
                <button type="button" className="clause" aria-pressed={isShown(shown, r.at)} onClick={() => onShow(r.at)}><strong>{r.text.replace(/\s+/g, ' ')}</strong> <span className="small dim">{where(r.at)}</span></button>
                {r.target ? (
                  <button type="button" className="clause" aria-pressed={isShown(shown, r.target)} onClick={() => r.target && onShow(r.target)}><span className="small dim">{c.to} </span>{[r.target.clause, r.heading].filter(Boolean).join(' ') || r.number}</button>
                ) : <span className={r.external ? 'small dim clause-end' : 'small ink-warn clause-end'}>{!r.external && <Glyph name="alert" size={13} />} {r.external ? c.external : c.dangling}</span>}
              </li>
            ))}
          </ul>
        );
      }}
    </Pages>
  );
}

function Signatures({ documentID, shown, onShow }: Props) {
  const query = useQuery(signaturesQuery(documentID));
  if (query.isPending) return <Skeleton rows={4} />;
  if (!query.data) return <div style={{ padding: 12 }}><ErrorState error={query.error} retry={() => void query.refetch()} /></div>;
  const items = query.data.items ?? [];
  if (items.length === 0) return <Empty title={c.noSignatures} text={c.noSignaturesText} />;
  const facts = (s: Signature) => [s.title, s.date && (formatDate(s.date) || s.date), where(s)].filter(Boolean).join(' · ');
  return (
    <ul className="clause-rows">
      {items.map((s) => (
        <li key={s.start}>
          <button type="button" className="clause" aria-pressed={isShown(shown, s)} onClick={() => onShow(s)}>
            <span className="clause-head"><strong>{s.party || s.name || c.signatureOf}</strong><span className={`badge ${s.signed ? 'tone-ok' : 'tone-mute'}`}><Glyph name={s.signed ? 'check' : 'alert'} size={13} />{s.signed ? c.signed : c.unsigned}</span></span>
            <span className="small dim">{[s.party && s.name, facts(s)].filter(Boolean).join(' · ') || plural(1, 'block')}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
