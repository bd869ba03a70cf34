import { ActionIcon, Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { post } from '../api/client';
import type { Policy } from '../api/types';
import { fieldErrorsOf } from '../lib/fieldErrors';
import { m } from '../messages';
import { FormProblem } from './States';

const e = m.escalation;
const s = m.settings;
const kinds = Object.keys(e.severityNames);
const most = 10;

interface Level { after_hours: number; to: string; severities?: string[] }

/** The steps of a policy as the server keeps it: a level that names nothing is told of breaches alone. */
export function levelsOf(body: unknown): Level[] {
  const levels = (body as { levels?: Level[] | null } | null)?.levels;
  return Array.isArray(levels) ? levels : [];
}

/** The policy in words; the version with its note and its author stands around it. */
export function EscalationView({ body }: { body: unknown }) {
  const levels = levelsOf(body);
  if (levels.length === 0) return <p style={{ margin: 0 }}><strong>{e.off}.</strong> <span className="dim">{e.offText}</span></p>;
  return (
    <div className="stack tight">
      <span className="small dim">{e.steps}</span>
      <ol style={{ margin: 0 }}>
        {levels.map((l, i) => <li key={i} className="wrap">{e.says(e.hoursOf(l.after_hours), l.to)} <span className="small dim">{e.about((l.severities?.length ? l.severities : ['breach']).map((x) => (e.severityNames[x] ?? x).toLowerCase()).join(', '))}</span></li>)}
      </ol>
    </div>
  );
}

interface Step { key: number; after: string; to: string; severities: string[] }

/** Hours are sent as they were typed where they are no whole number: the server says what is wrong with them. */
const levelOf = (step: Step) => ({ after_hours: /^\d{1,6}$/.test(step.after.trim()) ? Number(step.after.trim()) : 0, to: step.to.trim(), severities: step.severities });

export function EscalationForm({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const client = useQueryClient();
  const id = useId();
  const [steps, setSteps] = useState<Step[]>(() => levelsOf(policy.body).map((l, key) => ({ key, after: String(l.after_hours), to: l.to, severities: l.severities?.length ? l.severities : ['breach'] })));
  const [next, setNext] = useState(steps.length);
  const [note, setNote] = useState('');
  const save = useMutation({
    mutationFn: () => post('/policies', { kind: policy.kind, body: { levels: steps.map(levelOf) }, note: note.trim() }),
    onSuccess: async () => { await client.invalidateQueries({ queryKey: ['policies'] }); onClose(); },
  });
  const wrong = fieldErrorsOf(save.error, 'body.body');
  const set = (key: number, change: Partial<Step>) => setSteps((all) => all.map((x) => (x.key === key ? { ...x, ...change } : x)));
  const add = () => {
    const last = Number(steps.at(-1)?.after ?? 0) || 0;
    setSteps((all) => [...all, { key: next, after: String(last + 24), to: '', severities: ['breach'] }]);
    setNext((n) => n + 1);
  };
  return (
    <Modal opened onClose={onClose} title={`${e.form}: ${s.newVersion}`} size="lg" closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" noValidate onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }}>{e.steps}. <span className="dim">{e.ends}</span></p>
        {steps.length === 0 && <p className="dim" style={{ margin: 0 }} role="status">{e.noSteps}</p>}
        {steps.map((step, i) => (
          <fieldset key={step.key} className="form-group" data-field={`levels[${i}]`}>
            <legend>{e.step(i + 1)}</legend>
            <div className="form-row" style={{ flexWrap: 'nowrap' }}>
              <div className="form-row">
                <TextInput label={e.after} required inputMode="numeric" w={110} value={step.after} error={wrong[`levels[${i}].after_hours`]} onChange={(x) => set(step.key, { after: x.currentTarget.value })} />
                <TextInput className="grow" miw={190} type="email" label={e.to} required maxLength={254} value={step.to} error={wrong[`levels[${i}].to`]} onChange={(x) => set(step.key, { to: x.currentTarget.value })} />
              </div>
              <ActionIcon variant="subtle" color="gray" size="lg" mt={24} style={{ minWidth: 34 }} aria-label={e.remove(i + 1)} onClick={() => setSteps((all) => all.filter((x) => x.key !== step.key))}><IconX size={15} aria-hidden /></ActionIcon>
            </div>
            <div className="row" role="group" aria-labelledby={`${id}-${i}`}>
              <span id={`${id}-${i}`} className="small dim">{e.severities}</span>
              {kinds.map((kind) => <Checkbox key={kind} size="xs" label={e.severityNames[kind]} checked={step.severities.includes(kind)} onChange={(x) => set(step.key, { severities: kinds.filter((v) => (v === kind ? x.currentTarget.checked : step.severities.includes(v))) })} />)}
            </div>
            {wrong[`levels[${i}].severities`] && <p className="small ink-bad" role="alert">{wrong[`levels[${i}].severities`]}</p>}
          </fieldset>
        ))}
        <div className="row">
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} disabled={steps.length >= most} onClick={add} data-autofocus>{e.add}</Button>
          <span className="small dim">{steps.length >= most ? e.most : e.afterHelp}</span>
        </div>
        <TextInput label={s.note} description={s.noteNeeded} required maxLength={500} value={note} onChange={(x) => setNote(x.currentTarget.value)} />
        <FormProblem error={save.error} atFields={wrong} />
        <div className="row"><Button type="submit" loading={save.isPending}>{m.common.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
