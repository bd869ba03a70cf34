import { Button, Modal, Radio, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { ApiError, post, type PathOf } from '../api/client';
import type { Ambiguity, Approval, Evidence, FindingDetail, Obligation, OpenQuestion, Outcome } from '../api/types';
import { formatMoney } from '../lib/format';
import { patchOf } from '../lib/patch';
import { isObject, type FieldError, type JsonObject } from '../lib/schema';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { EvidenceView } from './Evidence';
import { Glyph } from './Glyph';
import { Go } from './Go';
import { Panel } from './Page';
import { ParamsForm } from './ParamsForm';
import { ErrorState } from './States';
import { useSay } from './Toasts';
import { WaitingAnswer } from './WaitingAnswer';

const a = m.answer;
const x = m.asks;
const comesTo = (o: Outcome) => formatMoney(o.amount) || o.result || '';

/** Questions that no parameter settles: which contract an event is about, which document governs, what a level of a pool asks itself, and what the events have to say. A test of the engine compares them. */
const elsewhere = new Set(['which_contract', 'precedence', 'level_open', 'unsupported', 'order_line', 'same_number', 'reports_differ', 'report_period', 'receipt', 'payment_taken_back', 'started_again', 'trigger_time', 'rate', 'list_price', 'delivery_line', 'excluded_ticket', 'moved_day', 'done_which', 'notice_about', 'contract_end', 'credited_for', 'ticket_service', 'unnamed_item', 'no_next_period']);

/** What the text leaves open, with what each reading comes to; who may review answers it here. */
export function QuestionsPanel({ detail }: { detail: FindingDetail }) {
  const may = useMay('reviewer');
  const [open, setOpen] = useState<Ambiguity>();
  const list = detail.finding.assessment.ambiguities ?? [];
  if (list.length === 0) return null;
  return (
    <Panel title={m.finding.ambiguities}>
      <div className="stack">
        {list.map((q) => (
          <div key={q.question} className="stack tight">
            <QuestionView question={q} />
            {may && detail.asked && !detail.answer && !elsewhere.has(q.code) && <div><Button size="xs" onClick={() => setOpen(q)} aria-label={a.openFor(q.question)}>{a.open}</Button></div>}
          </div>
        ))}
        <p className="small dim" style={{ margin: 0 }}>{may ? a.hint : a.hintReader}</p>
      </div>
      {open && detail.asked && <AnswerDialog path={`/findings/${detail.finding.id}/answer`} asked={detail.asked} question={open} done={a.saved} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}

export function QuestionView({ question: q, children }: { question: Ambiguity; children?: ReactNode }) {
  return (
    <>
      <p style={{ margin: 0 }} className="wrap"><Glyph name="question" /> {q.question} {children}</p>
      {(q.outcomes ?? []).length > 0 && <ul style={{ margin: 0 }}>{q.outcomes?.map((o) => <li key={o.reading} className="wrap">{o.reading}{comesTo(o) && ': '}<strong className="num">{comesTo(o)}</strong></li>)}</ul>}
    </>
  );
}

/** The same on an obligation: what its clause or an occurrence asks. What a finding asks is answered there, beside its proof. */
export function AsksPanel({ list, waiting }: { list: OpenQuestion[]; waiting?: Approval | undefined }) {
  const may = useMay('reviewer');
  const [open, setOpen] = useState<OpenQuestion>();
  const asks = (q: OpenQuestion) => q.waiting?.answer?.question === q.question.question;
  const elseWaits = waiting && !list.some((q) => asks(q) && q.waiting?.id === waiting.id) ? waiting : undefined; // its question is asked in other words by now, or no more
  if (list.length === 0 && !elseWaits) return null;
  return (
    <div className="stack asks" role="group" aria-label={x.title}>
      <strong>{x.title}</strong>
      {list.map((q) => (
        <div key={q.question.question} className="stack tight">
          <QuestionView question={q.question}><span className="small dim">{[q.subject ?? x.clause, q.others && x.others(q.others)].filter(Boolean).join(', ')}</span></QuestionView>
          {q.waiting && asks(q) ? <WaitingAnswer approval={q.waiting} toApproval />
            : q.waiting ? <p className="small dim" style={{ margin: 0 }}>{m.waitingAnswer.other}</p>
            : q.finding_id ? <div><Go href={`/findings/${q.finding_id}`}>{x.toFinding}</Go></div>
            : elsewhere.has(q.question.code) ? <p className="small dim" style={{ margin: 0 }}>{x.elsewhere}</p>
            : may && <div><Button size="xs" onClick={() => setOpen(q)} aria-label={a.openFor(q.question.question)}>{a.open}</Button></div>}
        </div>
      ))}
      {elseWaits && <WaitingAnswer approval={elseWaits} toApproval />}
      {list.length > 0 && <p className="small dim" style={{ margin: 0 }}>{may ? x.stops : x.stopsReader}</p>}
      {open && <AnswerDialog path={`/obligations/${open.asked.id ?? ''}/answer`} more={open.occurrence_id ? { occurrence_id: open.occurrence_id } : {}} asked={open.asked} question={open.question} done={x.saved} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

const stated = '\u0000stated';

interface AnswerProps { path: PathOf<'post'>; more?: object; asked: Obligation; question: Ambiguity; done: string; onClose: () => void }

function AnswerDialog({ path, more, asked, question, done, onClose }: AnswerProps) {
  const client = useQueryClient();
  const say = useSay();
  const before: JsonObject = isObject(asked.params) ? asked.params : {};
  const readings = (question.outcomes ?? []).filter((o) => o.set);
  const [choice, setChoice] = useState<string>(readings.length === 0 ? stated : '');
  const [params, setParams] = useState<JsonObject>(before);
  const [reason, setReason] = useState('');
  const patch = patchOf(before, params);
  const save = useMutation({
    mutationFn: () => post<{ waiting?: Approval }>(path, { ...more, question: question.question, ...(choice === stated ? { params: patch } : { reading: choice }), reason: reason.trim(), revision: asked.revision ?? 0 }),
    onSuccess: async (answered) => { await Promise.all(['findings', 'contracts', 'overview', 'claims', 'approvals', 'register'].map((k) => client.invalidateQueries({ queryKey: [k] }))); say.ok(answered.waiting ? a.waits : done); onClose(); },
  });
  const ready = reason.trim() !== '' && (choice === stated ? Object.keys(patch).length > 0 : choice !== '');
  const passages: Evidence[] = (asked.evidence ?? []).filter((e) => e.passage);
  return (
    <Modal opened onClose={onClose} title={a.title} size="lg" closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); if (ready) save.mutate(); }}>
        {passages.map((e, i) => <EvidenceView key={i} evidence={e} />)}
        <Radio.Group label={question.question} value={choice} onChange={setChoice} required>
          <div className="stack tight" style={{ marginTop: 8 }}>
            {readings.map((o, i) => <Radio key={o.reading} value={o.reading} label={<>{o.reading}{comesTo(o) && ': '}<strong className="num">{comesTo(o)}</strong></>} {...(i === 0 ? { 'data-autofocus': true } : {})} />)}
            <Radio value={stated} label={readings.length === 0 ? a.stateOnly : a.state} />
          </div>
        </Radio.Group>
        {choice === stated && <ParamsForm kind={asked.kind} value={params} errors={fieldErrors(save.error)} onChange={setParams} />}
        <Textarea label={m.common.reason} description={a.reason} required autosize minRows={2} maxLength={2000} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        <p className="small dim" style={{ margin: 0 }}>{a.follows}</p>
        {save.error && <ErrorState error={save.error} />}
        <div className="row"><Button type="submit" loading={save.isPending} disabled={!ready}>{a.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}

function fieldErrors(error: Error | null): FieldError[] {
  if (!(error instanceof ApiError)) return [];
  return (error.problem.errors ?? []).filter((e) => e.location?.startsWith('body.params')).map((e) => ({ field: (e.location ?? '').replace(/^body\.params\.?/, ''), message: e.message }));
}

/** The charge that a credit is a share of: whoever may review states it, for one month after the other. */
export function ChargePanel({ detail }: { detail: FindingDetail }) {
  const may = useMay('reviewer');
  if (detail.finding.assessment.amount_state !== 'needs_charge') return null;
  const months = detail.charge?.months ?? [];
  return (
    <Panel title={a.charge} note={detail.charge && [detail.charge.service, months.join(', ')].filter(Boolean).join(' · ')}>
      <p style={{ margin: 0 }}>{a.chargeText}</p>
      {may ? <ChargeForm key={months[0] ?? ''} detail={detail} /> : <p className="small dim" style={{ margin: '8px 0 0' }}>{a.chargeReader}</p>}
    </Panel>
  );
}

function ChargeForm({ detail }: { detail: FindingDetail }) {
  const client = useQueryClient();
  const say = useSay();
  const [form, setForm] = useState({ service: detail.charge?.service ?? '', month: detail.charge?.months?.[0] ?? '', amount: '', currency: detail.contract.total_value?.currency ?? 'USD', reference: '' });
  const set = (name: keyof typeof form) => (e: { currentTarget: { value: string } }) => { const { value } = e.currentTarget; setForm((f) => ({ ...f, [name]: name === 'currency' ? value.toUpperCase() : value })); };
  const save = useMutation({
    mutationFn: () => post(`/contracts/${detail.contract.id}/charge`, { service: form.service.trim(), month: form.month, amount: { value: form.amount.replaceAll(',', '').trim(), currency: form.currency.trim() }, ...(form.reference.trim() ? { reference: form.reference.trim() } : {}) }),
    onSuccess: async () => { await Promise.all(['findings', 'events', 'contracts', 'overview'].map((k) => client.invalidateQueries({ queryKey: [k] }))); say.ok(a.chargeSaved); },
  });
  return (
    <form className="stack mid" style={{ marginTop: 12 }} aria-label={a.charge} onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
      <div className="form-row">
        <TextInput className="grow" label={a.service} required maxLength={200} value={form.service} onChange={set('service')} />
        <TextInput label={a.month} type="month" required value={form.month} onChange={set('month')} w={170} />
      </div>
      <div className="form-row">
        <TextInput className="grow" label={m.workbench.amount} required inputMode="decimal" value={form.amount} onChange={set('amount')} />
        <TextInput label={m.workbench.currency} required maxLength={3} w={96} value={form.currency} onChange={set('currency')} />
        <TextInput className="grow" label={m.claims.reference} maxLength={200} value={form.reference} onChange={set('reference')} />
      </div>
      {save.error && <ErrorState error={save.error} />}
      {save.isSuccess && <p className="small" role="status" style={{ margin: 0 }}>{a.chargeWaits}</p>}
      <div><Button type="submit" size="xs" loading={save.isPending}>{a.chargeSave}</Button></div>
    </form>
  );
}
