import { Button, Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Candidate, Evidence, Obligation, TermSpec, Value, ValueKind } from '../api/types';
import { EvidenceView } from '../components/Evidence';
import { emptyValue, valueIsComplete } from '../lib/value';
import { m } from '../messages';
import { readingOf, type Choice } from './useDesk';
import { ValueForm } from './ValueForm';

interface Props { candidate: Candidate; spec: TermSpec | undefined; evidence: Evidence | undefined; onDropEvidence: () => void; onSave: (choice: Choice) => void; onCancel: () => void }

/** Corrects one value; Enter saves, Esc cancels. A passage chosen in the document goes with it. */
export function EditForm({ candidate, spec, evidence, onDropEvidence, onSave, onCancel }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const now = readingOf(candidate);
  const [value, setValue] = useState<Value>(() => now.value ?? emptyValue(spec?.kind ?? 'text'));
  const [obligation, setObligation] = useState<Obligation | undefined>(now.obligation);
  const [params, setParams] = useState(() => JSON.stringify(now.obligation?.params ?? {}, null, 2));
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const kinds: ValueKind[] = [...new Set([spec?.kind, ...(spec?.also ?? []), now.value?.kind].filter((k) => k !== undefined))];

  useEffect(() => {
    root.current?.querySelector<HTMLElement>('[data-first], input, textarea')?.focus();
  }, []);

  const save = () => {
    const more = { ...(note ? { reason: note } : {}), ...(evidence ? { evidence: [evidence] } : {}) };
    if (candidate.subject === 'obligation') {
      try {
        if (obligation) onSave({ kind: 'correct', obligation: { ...obligation, params: JSON.parse(params) as unknown }, ...more });
      } catch {
        setProblem(m.workbench.fixJson);
      }
      return;
    }
    if (!valueIsComplete(value)) return setProblem(m.workbench.incomplete);
    onSave({ kind: 'correct', value, ...more });
    return undefined;
  };
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation();
    const area = event.target instanceof HTMLTextAreaElement && candidate.subject === 'obligation';
    const choosing = event.target instanceof HTMLElement && event.target.getAttribute('aria-expanded') === 'true';
    if (event.key === 'Escape' && !choosing) onCancel();
    if (event.key === 'Enter' && !event.shiftKey && !area && !choosing && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      save();
    }
  };
  return (
    <div ref={root} className="edit stack mid" onKeyDown={onKey}>
      {candidate.subject === 'obligation' && obligation ? (
        <>
          <TextInput label={m.workbench.obligationTitle} value={obligation.title} onChange={(e) => setObligation({ ...obligation, title: e.currentTarget.value })} data-first />
          <div className="row" style={{ flexWrap: 'nowrap' }}>
            <TextInput label={m.workbench.bearer} className="grow" value={obligation.bearer ?? ''} onChange={(e) => setObligation({ ...obligation, bearer: e.currentTarget.value })} />
            <TextInput label={m.workbench.beneficiary} className="grow" value={obligation.beneficiary ?? ''} onChange={(e) => setObligation({ ...obligation, beneficiary: e.currentTarget.value })} />
          </div>
          <Textarea label={m.workbench.params} autosize minRows={4} maxRows={14} value={params} onChange={(e) => setParams(e.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }} />
        </>
      ) : <ValueForm value={value} kinds={kinds.length ? kinds : ['text']} onChange={setValue} />}
      <TextInput label={m.workbench.note} value={note} onChange={(e) => setNote(e.currentTarget.value)} maxLength={2000} />
      {evidence && (
        <div className="stack tight">
          <span className="small strong">{m.workbench.newEvidence}</span>
          <EvidenceView evidence={evidence} />
          <div><button type="button" className="linkish" onClick={onDropEvidence}>{m.workbench.dropEvidence}</button></div>
        </div>
      )}
      {problem && <p className="ink-bad small" role="alert" style={{ margin: 0 }}>{problem}</p>}
      <div className="row">
        <Button size="xs" onClick={save}>{m.common.save}</Button>
        <Button size="xs" variant="default" onClick={onCancel}>{m.common.cancel}</Button>
        <span className="small dim">{m.workbench.saveKeys}</span>
      </div>
    </div>
  );
}
