import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { kindsQuery, nearestQuery } from '../api/queries';
import type { Evidence, NearPassage, Obligation, TermSpec, Value } from '../api/types';
import { emptyValue, valueIsComplete } from '../lib/value';
import { m } from '../messages';
import { ChosenEvidence, fieldErrors, FormFrame, kindsFor, Refusal } from './EditForm';
import { Nearest } from './Missing';
import { ObligationForm } from './ObligationForm';
import { TrackedChoice, type Alike } from './TrackedChoice';
import { identity, type Addition, type Desk } from './useDesk';
import { ValueForm } from './ValueForm';

const w = m.workbench;

/** What is being added: a term by name, or an obligation by its kind. Nothing is chosen at first where it begins by key. */
export interface Draft { subject: 'term' | 'obligation'; name?: string }

interface Props { desk: Desk; reviewID: string; specs: TermSpec[]; draft: Draft; evidence: Evidence | undefined; onDropEvidence: () => void; onUse: (near: NearPassage) => void; onDraft: (draft: Draft | undefined) => void }

/** Terms of which this review has no row: what can still be added. */
export function unread(desk: Desk, specs: TermSpec[]): TermSpec[] {
  return specs.filter((s) => !desk.all.some((c) => c.subject === 'term' && c.name === s.name && c.state !== 'rejected'));
}

/** Adds a value that the reader missed: what it is, its typed value, and the passage that says it. */
export function AddForm({ desk, reviewID, specs, draft, evidence, onDropEvidence, onUse, onDraft }: Props) {
  const kinds = useQuery(kindsQuery);
  const choices = [
    { group: w.addTerm, items: unread(desk, specs).map((s) => ({ value: `term:${s.name}`, label: s.label })) },
    { group: w.newObligation, items: (kinds.data?.items ?? []).map((k) => ({ value: `kind:${k.kind}`, label: k.title })) },
  ].filter((g) => g.items.length > 0);
  const chosen = draft.name ? `${draft.subject === 'term' ? 'term' : 'kind'}:${draft.name}` : null;
  const close = () => { desk.add.reset(); onDraft(undefined); };
  const save = (addition: Addition) => desk.add.mutate({ ...addition, ...(evidence ? { evidence: [evidence] } : {}) }, { onSuccess: () => onDraft(undefined) });
  const pick = (
    <Select size="xs" label={w.addTitle} data={choices} value={chosen} searchable placeholder={w.chooseWhat} nothingFoundMessage={m.command.nothing} allowDeselect={false} {...(chosen ? {} : { 'data-first': true })}
      onChange={(v) => { if (v) { desk.add.reset(); onDraft({ subject: v.startsWith('term:') ? 'term' : 'obligation', name: v.slice(5) }); } }} />
  );
  const foot = (
    <>
      {evidence ? <ChosenEvidence evidence={evidence} onDrop={onDropEvidence} /> : <p className="small dim" style={{ margin: 0 }}>{w.evidenceNeeded}</p>}
      {draft.subject === 'term' && draft.name && !evidence && <NearestFor reviewID={reviewID} name={draft.name} onUse={onUse} />}
    </>
  );
  if (!draft.name) return <FormFrame onSave={() => undefined} onCancel={close} busy={false}>{pick}{foot}</FormFrame>;
  if (draft.subject === 'obligation') return <NewObligation key={draft.name} kind={draft.name} desk={desk} pick={pick} foot={foot} onSave={save} onCancel={close} />;
  return <NewTerm key={draft.name} spec={specs.find((s) => s.name === draft.name)} name={draft.name} desk={desk} pick={pick} foot={foot} onSave={save} onCancel={close} />;
}

interface PartProps { desk: Desk; pick: React.ReactNode; foot: React.ReactNode; onSave: (addition: Addition) => void; onCancel: () => void }

function NewTerm({ spec, name, desk, pick, foot, onSave, onCancel }: PartProps & { spec: TermSpec | undefined; name: string }) {
  const [value, setValue] = useState<Value>(() => emptyValue(spec?.kind ?? 'text'));
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const save = () => {
    if (!valueIsComplete(value)) return setProblem(w.incomplete);
    return onSave({ subject: 'term', name, value, ...(note ? { reason: note } : {}) });
  };
  return (
    <FormFrame onSave={save} onCancel={onCancel} busy={desk.add.isPending}>
      {pick}
      <ValueForm value={value} kinds={kindsFor(spec)} onChange={(v) => { setValue(v); setProblem(''); desk.add.reset(); }} />
      <TextInput size="xs" label={w.note} value={note} onChange={(e) => setNote(e.currentTarget.value)} maxLength={2000} />
      {foot}
      <Refusal error={desk.add.error} problem={problem} />
    </FormFrame>
  );
}

function NewObligation({ kind, desk, pick, foot, onSave, onCancel }: PartProps & { kind: string }) {
  const [key, setKey] = useState(`${kind}/`);
  const [obligation, setObligation] = useState<Obligation>({ key: '', kind, title: '', params: {}, in_force: {}, confidence: '1' });
  const [usable, setUsable] = useState(true);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const [same, setSame] = useState<string>();
  const alike = trackedIn(desk.add.error);
  const seen = useRef(alike);
  if (alike.length > 0) seen.current = alike; // it stays while what is said about it is chosen
  const save = () => {
    const name = key.trim().replace(/\/$/, '');
    if (!usable) return setProblem(w.fixJson);
    if (obligation.title.trim() === '' || name === '') return setProblem(w.incomplete);
    return onSave({ subject: 'obligation', name, obligation: { ...obligation, key: name }, ...(note ? { reason: note } : {}), ...identity(same) });
  };
  return (
    <FormFrame onSave={save} onCancel={onCancel} busy={desk.add.isPending}>
      {pick}
      <ObligationForm obligation={obligation} errors={fieldErrors(desk.add.error)} onChange={(o) => { setObligation(o); setProblem(''); desk.add.reset(); }} onUsable={setUsable} />
      <TextInput size="xs" label={w.addKey} description={w.addKeyHelp} value={key} onChange={(e) => setKey(e.currentTarget.value)} maxLength={120} />
      {seen.current.length > 0 && <TrackedChoice list={seen.current} value={same} onChange={(v) => { setSame(v); desk.add.reset(); }} />}
      <TextInput size="xs" label={w.note} value={note} onChange={(e) => setNote(e.currentTarget.value)} maxLength={2000} />
      {foot}
      <Refusal error={desk.add.error} problem={problem} />
    </FormFrame>
  );
}

/** What the server says an addition looks like: by its key, without the reason. */
function trackedIn(error: Error | null): Alike[] {
  if (!(error instanceof ApiError)) return [];
  return (error.problem.errors ?? []).filter((e) => e.location === 'body.same_as').map((e) => ({ key: e.message }));
}

function NearestFor({ reviewID, name, onUse }: { reviewID: string; name: string; onUse: (near: NearPassage) => void }) {
  const search = useQuery(nearestQuery(reviewID, name));
  return <Nearest search={search} may onUse={onUse} onShow={(i) => { const near = search.data?.passages?.[i]; if (near) onUse(near); }} />;
}
