import { Button } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { documentQuery } from '../api/queries';
import type { Candidate, Evidence, NearPassage, Searched, TermSpec } from '../api/types';
import { Confidence, EvidenceView, ValueView } from '../components/Evidence';
import { Glyph, StateBadge, StateIcon } from '../components/Glyph';
import { DutyFacts, ParamsView } from '../components/Params';
import { useNames } from '../lib/people';
import { valueText } from '../lib/value';
import { m } from '../messages';
import { choicesOf, readBy, withoutValue, type Reading } from './choices';
import { EditForm } from './EditForm';
import { Nearest } from './Missing';
import { Readings } from './Readings';
import { TrackedChoice } from './TrackedChoice';
import { isAbsent, isOpen, labelOf, readingOf, rejections, type Choice, type Desk } from './useDesk';

export type Mode = 'look' | 'edit' | 'reject';
interface Props {
  candidate: Candidate; desk: Desk; spec: TermSpec | undefined; current: boolean; mode: Mode; threshold: string | undefined; may: boolean; evidence: Evidence | undefined; note: string | undefined; evidenceAt: number; search: UseQueryResult<Searched>;
  onOpen: () => void; onMode: (mode: Mode) => void; onDecide: (choice: Choice) => void; onShow: (at: number) => void; onDropEvidence: () => void; onTake: (reading: Reading) => void; onUse: (near: NearPassage) => void; onAbsent: () => void;
}

const w = m.workbench;

/** What the reader of the document warned of, in its words. */
function Warnings({ of }: { of: string }) {
  const warnings = useQuery(documentQuery(of)).data?.warnings ?? [];
  return warnings.length > 0 && <>: {warnings.join(' ')}</>;
}

/** One value: a line that says what was read and how sure it is; opened, everything needed to decide. */
export function Row(props: Props) {
  const { candidate: c, current, threshold, onOpen } = props;
  const { value, obligation } = readingOf(c);
  const sure = c.extractor !== 'person' && c.state !== 'not_found' && !isAbsent(c);
  return (
    <li className="cand" data-current={current} data-state={c.state}>
      <button type="button" className="cand-head" aria-expanded={current} data-cand={c.id} onClick={onOpen}>
        <StateIcon domain="candidate" state={isAbsent(c) ? 'absent' : c.state} />
        <span className="cand-label">{labelOf(c)}</span>
        {sure && <Confidence share={c.confidence} threshold={threshold} />}
        <span className={c.state === 'rejected' && !isAbsent(c) ? 'cand-value struck' : 'cand-value'}>
          {value ? <span className="num clip" style={{ display: 'block', textAlign: 'left' }}>{valueText(value)}</span>
            : obligation ? (obligation.title !== labelOf(c) && <span className="clip dim" style={{ display: 'block' }}>{obligation.title}</span>)
              : isAbsent(c) ? <span className="dim">{w.confirmedAbsent}</span> : <span className="ink-warn">{withoutValue(c)}</span>}
        </span>
      </button>
      {current && <Opened {...props} />}
    </li>
  );
}

function Opened({ candidate: c, desk, spec, mode, threshold, may, evidence, note, evidenceAt, search, onMode, onDecide, onShow, onDropEvidence, onTake, onUse, onAbsent }: Props) {
  const nameOf = useNames();
  const own = (c.evidence?.length ? c.evidence : c.obligation?.evidence) ?? [];
  const { value, obligation } = readingOf(c);
  const missing = c.state === 'not_found';
  const choices = choicesOf(c);
  const asked = isOpen(c) && choices.all.length === 0 && choices.questions.length > 0; // answered in the form of its kind
  const tracked = desk.trackedOf(c);
  const reading = c.extractor === 'person' || c.state === 'corrected' ? undefined : c.verification; // a person's value rests on their word
  const competing = choices.rivals.length > 0 && mode !== 'edit'; // then the readings show their own quotes
  return (
    <div className="cand-body">
      {!competing && (value?.kind === 'tiers' || value?.kind === 'parties' || valueText(value).length > 44) && <ValueView value={value} />}
      {obligation && !competing && mode !== 'edit' && <><Roles bearer={obligation.bearer} beneficiary={obligation.beneficiary} /><DutyFacts obligation={obligation} /><ParamsView params={obligation.params} /></>}
      {c.state === 'corrected' && (c.value || c.obligation) && c.extractor !== 'person' && <p className="small dim">{w.machineSaid}: <span className="struck">{c.value ? valueText(c.value) : c.obligation?.title}</span></p>}
      {(c.reasons ?? []).length > 0 && isOpen(c) && (
        <ul className="reasons" aria-label={w.why}>{c.reasons?.map((r, i) => <li key={i}><Glyph name="alert" size={13} /><span>{w.reasonText[r] ?? r}{r === 'document_warning' && <Warnings of={c.document_id} />}</span></li>)}</ul>
      )}
      {missing && <Nearest search={search} may={may} onUse={onUse} onShow={onShow} />}
      {!missing && !isAbsent(c) && own.length === 0 && !c.derivation && <p className="dim">{w.noEvidence}</p>}
      {!competing && own.map((e, i) => <EvidenceView key={i} evidence={e} reading={reading} onShow={() => onShow(i)} />)}
      {!competing && own.length > 1 && <span className="small dim">{w.evidenceOf(Math.min(evidenceAt + 1, own.length), own.length)}</span>}
      {c.derivation && <p className="small"><span className="dim">{w.derivedBy}: </span>{c.derivation.rule} <span className="dim">({Object.entries(c.derivation.inputs ?? {}).map(([k, v]) => `${k} ${v}`).join(', ')})</span></p>}
      {may && mode !== 'reject' && tracked.length > 0 && <TrackedChoice list={tracked} value={desk.same[c.id]} onChange={(v) => { desk.setSame(c.id, v); desk.correct.reset(); }} />}
      {mode !== 'edit' && <Readings choices={choices} may={may && mode === 'look'} threshold={threshold} onTake={onTake} onShow={onShow} />}
      <p className="small dim meta">
        {c.extractor && !competing && !missing && <span>{readBy(c)}</span>}
        {c.decided_by && <span>{w.decided(nameOf(c.decided_by))}</span>}
        {!isOpen(c) && !isAbsent(c) && <StateBadge domain="candidate" state={c.state} />}
      </p>
      {!may ? null : mode === 'edit' ? (
        <EditForm key={`${c.id}/${note ?? ''}`} candidate={c} spec={spec} evidence={evidence} note={note} busy={desk.correct.isPending} error={desk.correct.error} onTouch={desk.correct.reset} onDropEvidence={onDropEvidence} onCancel={() => onMode('look')}
          onSave={(choice) => desk.correct.mutate({ candidate: c, choice }, { onSuccess: () => onMode('look') })} />
      ) : mode === 'reject' ? (
        <div className="stack tight" role="group" aria-label={w.rejectWhy} data-reasons>
          <span className="small strong">{w.rejectWhy}</span>
          {rejections(c).map((choice, i) => (
            <button key={choice.reason} type="button" className="reason" onClick={() => onDecide(choice)}><kbd>{i + 1}</kbd>{choice.reason}</button>
          ))}
        </div>
      ) : (
        <div className="row tight">
          {missing ? (
            <>
              <Button size="xs" variant="default" onClick={onAbsent} rightSection={<kbd>R</kbd>}>{w.markAbsent}</Button>
              <Button size="xs" variant="default" onClick={() => onMode('edit')} rightSection={<kbd>E</kbd>}>{w.addIt}</Button>
            </>
          ) : (
            <>
              {isOpen(c) && choices.all.length === 0 && !asked && <Button size="xs" disabled={!value && !obligation} onClick={() => onDecide({ kind: 'accept' })} rightSection={<kbd className="on-fill">A</kbd>}>{w.accept}</Button>}
              <Button size="xs" variant={asked ? 'filled' : 'default'} onClick={() => onMode('edit')} rightSection={<kbd className={asked ? 'on-fill' : ''}>E</kbd>}>{isAbsent(c) ? w.addIt : asked ? w.answer : w.correct}</Button>
              {isOpen(c) && <Button size="xs" variant="default" onClick={() => onMode('reject')} rightSection={<kbd>R</kbd>}>{w.reject}</Button>}
              {!isOpen(c) && <Button size="xs" variant="default" onClick={() => onDecide({ kind: 'restore' })}>{w.restore}</Button>}
            </>
          )}
        </div>
      )}
    </div>
  );
}

function Roles({ bearer, beneficiary }: { bearer: string | undefined; beneficiary: string | undefined }) {
  if (!bearer && !beneficiary) return null;
  return <p className="small">{bearer && <><span className="dim">{w.bearer}</span> {bearer} </>}{beneficiary && <><span className="dim">{bearer ? w.beneficiary.toLowerCase() : w.beneficiary}</span> {beneficiary}</>}</p>;
}
