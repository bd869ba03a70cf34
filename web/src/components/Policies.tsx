import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { post } from '../api/client';
import { policiesQuery } from '../api/queries';
import type { Policy } from '../api/types';
import { capital } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';
import { EscalationForm, EscalationView } from './Escalation';
import { Panel } from './Page';
import { PolicyForm } from './PolicyForms';
import { ErrorState, Loaded } from './States';
import { Suggestions } from './Suggestions';
import { Time } from './Time';

const s = m.settings;
const withForm = new Set(['review', 'approval', 'privacy']);

/** Policies are versioned data: a change is a new version with its note, and earlier ones stay to be read. */
export function PoliciesTab() {
  const query = useQuery(policiesQuery);
  return (
    <Loaded query={query}>
      {({ items }) => {
        const kinds = [...new Set((items ?? []).map((p) => p.kind))];
        return <div className="stack">{kinds.map((kind) => <Kind key={kind} kind={kind} versions={(items ?? []).filter((p) => p.kind === kind).sort((a, b) => b.version - a.version)} />)}</div>;
      }}
    </Loaded>
  );
}

/** One kind of policy. Which engines read is promoted after a comparison, on the command line, and so has no form here. */
function Kind({ kind, versions }: { kind: string; versions: Policy[] }) {
  const admin = useMay('admin');
  const nameOf = useNames();
  const [editing, setEditing] = useState(false);
  const [json, setJson] = useState(false);
  const active = versions.find((p) => p.active) ?? versions[0];
  const proposal = versions.find((p) => p.state === 'proposed');
  const earlier = versions.filter((p) => p !== active && p !== proposal);
  if (!active) return null;
  return (
    <Panel title={s.kinds[kind] ?? capital(kind)} note={`${s.version} ${active.version}: ${active.note}`} actions={admin && kind !== 'engines' && <Button size="xs" variant="default" onClick={() => { setJson(false); setEditing(true); }}>{s.newVersion}</Button>}>
      <div className="stack mid">
        <div className="row tight small dim"><span className="badge tone-ok">{s.inForce}</span>{active.created_by !== '' && <span>{nameOf(active.created_by)}, <Time at={active.created_at} /></span>}</div>
        <Body kind={kind} body={active.body} label={s.body} />
        {kind === 'review' && <Suggestions />}
        {proposal && <Proposal policy={proposal} />}
        {earlier.length > 0 && (
          <details>
            <summary className="small">{s.history} ({earlier.length})</summary>
            <div className="stack mid" style={{ marginTop: 10 }}>{earlier.map((p) => <div key={p.id || p.version}><strong>{s.version} {p.version}</strong> <span className="dim">{s.policyStates[p.state] ?? p.state} · </span><span className="dim">{p.note} · {nameOf(p.created_by)}, <Time at={p.created_at} /></span><Body kind={kind} body={p.body} /></div>)}</div>
          </details>
        )}
      </div>
      {editing && (kind === 'escalation' ? <EscalationForm policy={active} onClose={() => setEditing(false)} /> : json || !withForm.has(kind) ? <JsonForm policy={active} onClose={() => setEditing(false)} /> : <PolicyForm policy={active} json={() => setJson(true)} onClose={() => setEditing(false)} />)}
    </Panel>
  );
}

/** What a version says: in words where the kind has a form, otherwise as it is kept. */
function Body({ kind, body, label }: { kind: string; body: unknown; label?: string }) {
  if (kind === 'escalation') return <EscalationView body={body} />;
  return <pre className="json mono" tabIndex={0} {...(label ? { 'aria-label': label } : {})}>{JSON.stringify(body, null, 2)}</pre>;
}

/** A version that waits: whoever did not propose it may confirm it. */
function Proposal({ policy }: { policy: Policy }) {
  const client = useQueryClient();
  const admin = useMay('admin');
  const nameOf = useNames();
  const mine = useSession()?.actor.id === policy.created_by;
  const decide = useMutation({
    mutationFn: (kind: 'approve' | 'refuse') => post(`/policies/${policy.id}/decision`, { kind, revision: policy.revision }),
    onSettled: () => client.invalidateQueries({ queryKey: ['policies'] }),
  });
  return (
    <section className="stack mid" aria-label={s.proposed}>
      <div className="row tight small"><span className="badge tone-warn">{s.proposed}</span><strong>{s.version} {policy.version}</strong><span className="dim">{policy.note} · {nameOf(policy.created_by)}, <Time at={policy.created_at} /></span></div>
      <p className="small dim">{mine ? s.mine : s.proposedText}</p>
      <pre className="json mono" tabIndex={0} aria-label={s.proposed}>{JSON.stringify(policy.body, null, 2)}</pre>
      {decide.error && <ErrorState error={decide.error} />}
      {admin && (
        <div className="row">
          {!mine && <Button size="xs" loading={decide.isPending} onClick={() => decide.mutate('approve')}>{s.confirm}</Button>}
          <Button size="xs" variant="default" loading={decide.isPending} onClick={() => decide.mutate('refuse')}>{mine ? s.takeBack : s.refuse}</Button>
        </div>
      )}
    </section>
  );
}

function JsonForm({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const client = useQueryClient();
  const [body, setBody] = useState(() => JSON.stringify(policy.body, null, 2));
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const save = useMutation({
    mutationFn: (parsed: unknown) => post('/policies', { kind: policy.kind, body: parsed, note: note.trim() }),
    onSuccess: async () => { await client.invalidateQueries({ queryKey: ['policies'] }); onClose(); },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    try {
      const parsed = JSON.parse(body) as unknown;
      setProblem('');
      save.mutate(parsed);
    } catch {
      setProblem(s.badJson);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`${s.kinds[policy.kind] ?? policy.kind}: ${s.newVersion}`} size="lg" closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={submit}>
        <Textarea label={s.body} autosize minRows={8} maxRows={22} value={body} error={problem || undefined} onChange={(e) => setBody(e.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }} data-autofocus />
        <TextInput label={s.note} description={s.noteNeeded} required value={note} onChange={(e) => setNote(e.currentTarget.value)} />
        {save.error && <ErrorState error={save.error} />}
        <div className="row"><Button type="submit" loading={save.isPending}>{m.common.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
