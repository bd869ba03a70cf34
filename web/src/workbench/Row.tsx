import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Candidate, Evidence, TermSpec } from '../api/types';
import { Confidence, EvidenceView, ValueView } from '../components/Evidence';
import { Glyph, StateBadge, StateIcon } from '../components/Glyph';
import { valueText } from '../lib/value';
import { m } from '../messages';
import { EditForm } from './EditForm';
import { isOpen, labelOf, readingOf, type Choice } from './useDesk';

export type Mode = 'look' | 'edit' | 'reject';
interface Props {
  candidate: Candidate; spec: TermSpec | undefined; current: boolean; mode: Mode; threshold: string | undefined; may: boolean; evidence: Evidence | undefined; evidenceAt: number;
  onOpen: () => void; onMode: (mode: Mode) => void; onDecide: (choice: Choice) => void; onShow: (at: number) => void; onDropEvidence: () => void;
}

const w = m.workbench;

/** One value: a line that says what was read and how sure it is; opened, everything needed to decide. */
export function Row(props: Props) {
  const { candidate: c, current, threshold, onOpen } = props;
  const { value, obligation } = readingOf(c);
  return (
    <li className="cand" data-current={current} data-state={c.state}>
      <button type="button" className="cand-head" aria-expanded={current} data-cand={c.id} onClick={onOpen}>
        <StateIcon domain="candidate" state={c.state} />
        <span className="cand-label">{labelOf(c)}</span>
        {c.state !== 'not_found' && <Confidence share={c.confidence} threshold={threshold} />}
        <span className={c.state === 'rejected' ? 'cand-value struck' : 'cand-value'}>
          {value ? <span className="num clip" style={{ display: 'block', textAlign: 'left' }}>{valueText(value)}</span> : obligation ? <span className="clip dim" style={{ display: 'block' }}>{obligation.title}</span> : <span className="ink-warn">{w.absent}</span>}
        </span>
      </button>
      {current && <Opened {...props} />}
    </li>
  );
}

function Opened({ candidate: c, spec, mode, may, evidence, evidenceAt, onMode, onDecide, onShow, onDropEvidence }: Props) {
  const own = (c.evidence?.length ? c.evidence : c.obligation?.evidence) ?? [];
  const { value, obligation } = readingOf(c);
  return (
    <div className="cand-body">
      {(value?.kind === 'tiers' || value?.kind === 'parties' || valueText(value).length > 44) && <ValueView value={value} />}
      {obligation && <ObligationFacts params={obligation.params} bearer={obligation.bearer} beneficiary={obligation.beneficiary} />}
      {c.state === 'corrected' && (c.value || c.obligation) && <p className="small dim">{w.machineSaid}: <span className="struck">{c.value ? valueText(c.value) : c.obligation?.title}</span></p>}
      {(c.reasons ?? []).length > 0 && isOpen(c) && (
        <ul className="reasons" aria-label={w.why}>{c.reasons?.map((r, i) => <li key={i}><Glyph name="alert" size={13} /><span>{w.reasonText[r] ?? r}</span></li>)}</ul>
      )}
      {own.length === 0 && !c.derivation && <p className="dim">{w.noEvidence}</p>}
      {own.map((e, i) => <EvidenceView key={i} evidence={e} onShow={() => onShow(i)} />)}
      {own.length > 1 && <span className="small dim">{w.evidenceOf(Math.min(evidenceAt + 1, own.length), own.length)}</span>}
      {c.derivation && <p className="small"><span className="dim">{w.derivedBy}: </span>{c.derivation.rule} <span className="dim">({Object.entries(c.derivation.inputs ?? {}).map(([k, v]) => `${k} ${v}`).join(', ')})</span></p>}
      {(c.rivals ?? []).map((r, i) => (
        <Choosable key={i} title={w.rival} keyHint={i < 2 ? String(i + 1) : undefined} action={w.take} enabled={may} onTake={() => onDecide({ kind: 'accept', rival: i })}>
          <div className="row between"><ValueView value={r.value} />{!r.value && r.obligation?.title}<Confidence share={r.confidence} /></div>
          {(r.evidence ?? []).map((e, k) => <EvidenceView key={k} evidence={e} onShow={() => onShow(own.length + i)} />)}
        </Choosable>
      ))}
      {isOpen(c) && (c.ambiguities ?? []).map((a) => (
        <div key={a.code} className="stack tight">
          <p className="ink-warn strong" style={{ margin: 0 }}><Glyph name="question" size={13} /> {a.question}</p>
          {(a.readings ?? []).map((reading, i) => <Choosable key={i} action={w.take} enabled={may} onTake={() => onDecide({ kind: 'correct', value: reading, reason: a.question })}><ValueView value={reading} /></Choosable>)}
          {(a.texts ?? []).map((text) => (
            <Choosable key={text} action={w.keepWith} enabled={may && (!!value || !!obligation)} onTake={() => onDecide({ kind: 'correct', ...(value ? { value } : {}), ...(obligation ? { obligation } : {}), reason: text })}><span>{text}</span></Choosable>
          ))}
        </div>
      ))}
      <p className="small dim" style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
        {c.extractor && <span>{w.extractor(c.extractor)}</span>}
        {c.decided_by && <span>{w.decided(c.decided_by)}</span>}
        {!isOpen(c) && <StateBadge domain="candidate" state={c.state} />}
      </p>
      {!may ? null : mode === 'edit' ? (
        <EditForm candidate={c} spec={spec} evidence={evidence} onDropEvidence={onDropEvidence} onCancel={() => onMode('look')} onSave={onDecide} />
      ) : mode === 'reject' ? (
        <div className="stack tight" role="group" aria-label={w.rejectWhy}>
          <span className="small strong">{w.rejectWhy}</span>
          {w.rejectReasons.map((reason, i) => (
            <button key={reason} type="button" className="reason" onClick={() => onDecide({ kind: 'reject', reason })}><kbd>{i + 1}</kbd>{reason}</button>
          ))}
        </div>
      ) : (
        <div className="row tight">
          {isOpen(c) && <Button size="xs" disabled={!value && !obligation} onClick={() => onDecide({ kind: 'accept' })} rightSection={<kbd className="on-fill">A</kbd>}>{w.accept}</Button>}
          <Button size="xs" variant="default" onClick={() => onMode('edit')} rightSection={<kbd>E</kbd>}>{w.correct}</Button>
          {isOpen(c) && <Button size="xs" variant="default" onClick={() => onMode('reject')} rightSection={<kbd>R</kbd>}>{w.reject}</Button>}
          {!isOpen(c) && <Button size="xs" variant="default" onClick={() => onDecide({ kind: 'restore' })}>{w.restore}</Button>}
        </div>
      )}
    </div>
  );
}

function ObligationFacts({ params, bearer, beneficiary }: { params: unknown; bearer: string | undefined; beneficiary: string | undefined }) {
  return (
    <>
      <p className="small">{bearer && <><span className="dim">{w.bearer}</span> {bearer} </>}{beneficiary && <><span className="dim">{w.beneficiary.toLowerCase()}</span> {beneficiary}</>}</p>
      {params !== undefined && params !== null && <pre className="json mono" tabIndex={0} aria-label={w.params}>{JSON.stringify(params, null, 2)}</pre>}
    </>
  );
}

function Choosable({ title, keyHint, action, enabled, onTake, children }: { title?: string; keyHint?: string | undefined; action: string; enabled: boolean; onTake: () => void; children: ReactNode }) {
  return (
    <div className="choosable stack tight">
      {title && <span className="small strong">{title}</span>}
      {children}
      {enabled && <div><Button size="compact-xs" variant="default" onClick={onTake} rightSection={keyHint && <kbd>{keyHint}</kbd>}>{action}</Button></div>}
    </div>
  );
}
