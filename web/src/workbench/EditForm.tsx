import { Button, TextInput } from '@mantine/core';
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import type { Candidate, Evidence, Obligation, TermSpec, Value, ValueKind } from '../api/types';
import { EvidenceView } from '../components/Evidence';
import { fieldsOf } from '../lib/schema';
import { emptyValue, valueIsComplete } from '../lib/value';
import { m } from '../messages';
import { ObligationForm } from './ObligationForm';
import { readingOf, type Choice } from './useDesk';
import { ValueForm } from './ValueForm';

const w = m.workbench;

interface Props {
  candidate: Candidate; spec: TermSpec | undefined; evidence: Evidence | undefined; note?: string | undefined; busy: boolean; error: Error | null;
  onDropEvidence: () => void; onSave: (choice: Choice) => void; onCancel: () => void; onTouch: () => void;
}

/** Corrects one value; Enter saves, Esc cancels. A passage chosen in the document goes with it. */
export function EditForm({ candidate, spec, evidence, note: given, busy, error, onDropEvidence, onSave, onCancel, onTouch }: Props) {
  const now = readingOf(candidate);
  const [value, setValue] = useState<Value>(() => now.value ?? emptyValue(spec?.kind ?? 'text'));
  const [obligation, setObligation] = useState<Obligation | undefined>(now.obligation);
  const [usable, setUsable] = useState(true);
  const [note, setNote] = useState(given ?? '');
  const [problem, setProblem] = useState('');
  const kinds = kindsFor(spec, now.value);

  const save = () => {
    const more = { ...(note ? { reason: note } : {}), ...(evidence ? { evidence: [evidence] } : {}) };
    if (candidate.subject === 'obligation') {
      if (!usable || !obligation) return setProblem(w.fixJson);
      return onSave({ kind: 'correct', obligation, ...more });
    }
    if (!valueIsComplete(value)) return setProblem(w.incomplete);
    return onSave({ kind: 'correct', value, ...more });
  };
  return (
    <FormFrame onSave={save} onCancel={onCancel} busy={busy}>
      {candidate.subject === 'obligation' && obligation
        ? <ObligationForm obligation={obligation} read={candidate.obligation} errors={fieldErrors(error)} onChange={(o) => { setObligation(o); onTouch(); }} onUsable={setUsable} />
        : <ValueForm value={value} kinds={kinds} onChange={(v) => { setValue(v); setProblem(''); onTouch(); }} />}
      <TextInput size="xs" label={w.note} value={note} onChange={(e) => setNote(e.currentTarget.value)} maxLength={2000} />
      <ChosenEvidence evidence={evidence} onDrop={onDropEvidence} />
      <Refusal error={error} problem={problem} />
    </FormFrame>
  );
}

export function kindsFor(spec: TermSpec | undefined, value?: Value): ValueKind[] {
  const kinds = [...new Set([spec?.kind, ...(spec?.also ?? []), value?.kind].filter((k) => k !== undefined))];
  return kinds.length ? kinds : ['text'];
}

export const fieldErrors = (error: Error | null) => (error instanceof ApiError ? fieldsOf(error.problem.errors) : []);

/** What the server said of the whole; what it said of a field stands there. */
export function Refusal({ error, problem }: { error: Error | null; problem: string }) {
  const text = problem || error?.message;
  const request = error instanceof ApiError ? error.problem.request_id : undefined;
  return text ? <p className="ink-bad small" role="alert" style={{ margin: 0 }}>{text}{request && <span className="dim"> {m.common.request} {request}</span>}</p> : null;
}

export function ChosenEvidence({ evidence, onDrop }: { evidence: Evidence | undefined; onDrop: () => void }) {
  if (!evidence) return null;
  return (
    <div className="stack tight">
      <span className="small strong">{w.newEvidence}</span>
      <EvidenceView evidence={evidence} linked={false} />
      <div><button type="button" className="linkish" onClick={onDrop}>{w.dropEvidence}</button></div>
    </div>
  );
}

/** The frame of a form in the panel: the first field has the focus, and keys typed in it are not the panel's. */
export function FormFrame({ onSave, onCancel, busy, children }: { onSave: () => void; onCancel: () => void; busy: boolean; children: ReactNode }) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => { (root.current?.querySelector<HTMLElement>('[data-first]') ?? root.current?.querySelector<HTMLElement>('input, textarea'))?.focus(); }, []);
  const onKey = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') return;
    event.stopPropagation();
    const target = event.target as HTMLElement;
    const choosing = target.getAttribute('aria-expanded') === 'true' && target.tagName === 'INPUT';
    if (event.key === 'Escape' && !choosing) onCancel();
    const types = target instanceof HTMLTextAreaElement && target.rows > 1;
    if (event.key === 'Enter' && !event.shiftKey && !types && !choosing && !(target instanceof HTMLButtonElement)) {
      event.preventDefault();
      if (!busy) onSave();
    }
  };
  return (
    <div ref={root} className="edit stack mid" onKeyDown={onKey}>
      {children}
      <div className="row">
        <Button size="xs" loading={busy} onClick={onSave}>{m.common.save}</Button>
        <Button size="xs" variant="default" onClick={onCancel}>{m.common.cancel}</Button>
        <span className="small dim">{w.saveKeys}</span>
      </div>
    </div>
  );
}
