// A fixture server for `npm run dev:fixtures` and the browser tests: the API's shapes over data of our own, in memory.
// It is no part of the product. It serves dist with the content security policy of the real server, taken from its source.
import { readFileSync, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as admin from './admin.mjs';
import { clauseCounts, clausesOf, definitionsOf, referencesOf, signaturesOf } from './clauses.mjs';
import * as data from './data.mjs';
import * as duties from './duties.mjs';
import * as pass from './passing.mjs';
import * as ask from './questions.mjs';
import * as book from './register.mjs';
import { flowReading, passage, places, reading, scanReading } from './reading.mjs';

const scan = scanReading();

const schemas = ['availability', 'conditional_duty', 'milestone', 'recurring_duty', 'renewal_notice', 'resolution_time', 'response_time', 'service_level'].map((kind) => ({ kind, title: kind.replace('_', ' ').replace(/^./, (c) => c.toUpperCase()), schema: JSON.parse(readFileSync(new URL(`../../docs/schema/params/${kind}.v1.json`, import.meta.url), 'utf8')) }));
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const samples = fileURLToPath(new URL('../../samples/contracts/', import.meta.url));
// Late by chance where the tests ask for it, so that nothing can rely on the order of answers.
const late = process.env.PACTLOOP_SLOW === '1' ? () => new Promise((resolve) => { setTimeout(resolve, Math.random() * 700); }) : async () => undefined;
const policy = (() => {
  const said = /"Content-Security-Policy", "(.*)"\)/.exec(readFileSync(new URL('../../internal/api/chain.go', import.meta.url), 'utf8'))?.[1];
  if (!said?.includes('"+n+"')) throw new Error('internal/api/chain.go no longer says its content security policy where the fixture server looks');
  return (nonce) => said.replaceAll('"+n+"', nonce);
})();
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.wasm': 'application/wasm', '.txt': 'text/plain' };

function fresh() {
  const flow = flowReading();
  const at = flow.text.indexOf('twenty-four (24) months');
  return {
    candidates: [...data.candidates(), ...data.scanCandidates(), ...duties.candidates(), ...data.solvaneCandidates(at, at + 'twenty-four (24) months'.length, 'twenty-four (24) months')], decisions: [], reviews: [...data.reviews(), duties.review('2026-03-28T12:00:00Z')], findings: [...data.findings(), ...book.money(data.finding), ...ask.questions()], uptime: ask.uptime(), imports: ask.imports(), claims: book.claims(), duties: book.duties(), renewals: book.renewals(), evergreen: book.evergreen(), approvals: data.approvals(), actions: data.actions(),
    connections: admin.connections(), links: admin.links(), users: admin.users(), keys: admin.keys(), policies: [...admin.policies(), ...book.enginePolicies(), ...pass.escalationPolicies()], settings: pass.settings(), checkIns: pass.checkIns(), reports: pass.reports(), triggers: pass.triggers(), charges: [], zoned: false, deliveries: structuredClone(admin.deliveries), flow, unmatched: data.unmatched(), aside: data.aside(), hook: admin.hook(), passwords: [], role: 'admin', conflictOnce: false, signedIn: new Set(),
  };
}

class Problem extends Error {
  constructor(status, title, detail, more = {}) {
    super(detail);
    this.body = { type: 'about:blank', title, status, detail, request_id: 'req_fixture', ...more };
  }
}
const notFound = () => new Problem(404, 'Not found', 'There is no such thing, or it is outside your business units.');

export function start({ port = 0 } = {}) {
  let state = fresh();
  const streams = new Set();
  const touch = (topic, id) => streams.forEach((res) => res.write(`event: touched\ndata: ${JSON.stringify({ topic, id })}\n\n`));
  const find = (list, id) => list.find((x) => x.id === id) ?? (() => { throw notFound(); })();
  const page = (items, query) => {
    const from = Number(query.get('after') ?? 0);
    const size = Number(query.get('limit') ?? 50);
    return { items: items.slice(from, from + size), ...(from + size < items.length ? { next: String(from + size) } : {}) };
  };
  const includes = (query, ...texts) => texts.some((t) => (t ?? '').toLowerCase().includes((query.get('q') ?? '').toLowerCase()));
  const is = (query, name, value) => !query.get(name) || query.get(name).split(',').includes(value);
  const contractOf = (id) => find(data.contracts, id);
  const isOpen = (c) => c.state === 'open' || c.state === 'not_found';
  const recount = (review) => {
    const mine = state.candidates.filter((c) => c.review_id === review.id);
    review.open = mine.filter(isOpen).length;
    if (review.state === 'waiting') review.state = 'in_review';
    review.revision++;
    return review;
  };

  function decide(id, body) {
    const c = find(state.candidates, id);
    if (state.conflictOnce || body.revision !== c.revision) {
      state.conflictOnce = false;
      c.revision++;
      Object.assign(c, { state: 'corrected', decided_by: 'Jon Aldous', decided_value: { kind: 'duration', duration: { value: 60, unit: 'day' } } });
      throw new Problem(409, 'Somebody decided this meanwhile', 'Jon Aldous corrected it a moment ago. Compare, then decide again.', { kind: 'conflict', current: c });
    }
    const before = c.state;
    const rival = body.rival === undefined ? undefined : c.rivals?.[body.rival];
    if (body.kind === 'accept' && !rival && c.ambiguities?.length) throw new Problem(422, 'Unprocessable Entity', `${c.label} is ambiguous: ${c.ambiguities[0].question}`, { kind: 'invalid' });
    const unsaid = duties.unsaid(c, body);
    if (unsaid) throw new Problem(422, 'Unprocessable Entity', unsaid.detail, { kind: 'invalid', errors: unsaid.errors });
    if (body.kind === 'accept') Object.assign(c, { state: 'accepted', decided_value: rival?.value ?? c.value, ...(body.same_as ? { decided_obligation: { ...c.obligation, key: body.same_as } } : {}) });
    if (body.kind === 'correct') {
      refuse(body.obligation);
      if (!body.value && !body.obligation) throw new Problem(422, 'The value is missing', 'A correction needs a value.', { errors: [{ message: 'required', location: 'body.value' }] });
      Object.assign(c, { state: 'corrected', decided_value: body.value, decided_obligation: body.obligation && { ...body.obligation, key: body.same_as ?? body.obligation.key } });
      if (body.evidence) c.evidence = body.evidence;
    }
    if (body.kind === 'reject') c.state = 'rejected';
    if (body.kind === 'restore') Object.assign(c, { state: c.value || c.obligation ? 'open' : 'not_found', decided_value: undefined, decided_obligation: undefined });
    c.revision++;
    c.decided_by = body.kind === 'restore' ? undefined : 'Mira Okafor';
    const decision = { id: `dec_${state.decisions.length}`, candidate_id: id, kind: body.kind, by: 'Mira Okafor', at: data.now, reason: body.reason, before, value: body.value };
    state.decisions.push(decision);
    return { candidate: c, review: recount(find(state.reviews, c.review_id)), decision };
  }

  // The few mistakes that the browser tests make; the server judges all of them.
  function wrongParams(o) {
    const out = [];
    const p = o?.params ?? {};
    if (p.target !== undefined && typeof p.target === 'object' && !(p.target.value > 0)) out.push({ field: 'target', message: 'The target has no usable length. How long may it take?' });
    if ((p.thresholds ?? []).some((t) => !/^\d+(\.\d+)?$/.test(t))) out.push({ field: 'thresholds.0', message: 'Write an exact number, such as 99.9.' });
    if (p.hours?.zone === 'Mars/Olympus') out.push({ field: 'hours', message: 'The hours can not be used: unknown time zone Mars/Olympus. When does the clock run?' });
    return out;
  }
  const refuse = (o) => {
    const wrong = wrongParams(o);
    if (wrong.length) throw new Problem(422, 'Unprocessable Entity', 'The parameters of the obligation can not be used as they are. Nothing was changed.', { kind: 'invalid', errors: wrong.map((w) => ({ message: w.message, location: `body.obligation.params.${w.field}` })) });
  };
  function addTo(id, body) {
    const review = find(state.reviews, id);
    if (state.candidates.some((c) => c.review_id === id && c.name === body.name && c.state !== 'rejected')) throw new Problem(409, 'Conflict', `${body.name} is in this review already; correct it there.`, { kind: 'conflict' });
    refuse(body.obligation);
    const spec = data.specs.find((s) => s.name === body.name);
    const c = { id: `can_a${state.candidates.length}`, contract_id: review.contract_id, review_id: id, document_id: review.document_id, subject: body.subject, name: body.name, label: spec?.label ?? body.obligation?.title ?? body.name, decided_value: body.value, decided_obligation: body.obligation, ...(body.obligation ? { obligation: { key: body.name, kind: body.obligation.kind, title: body.obligation.title, confidence: '0' } } : {}), evidence: body.evidence, confidence: '0', verification: 'unverified', extractor: 'person', order: review.total, state: 'corrected', decided_by: 'Mira Okafor', revision: 2 };
    state.candidates.push(c);
    review.total++;
    return { candidate: c, review: recount(review), decision: { id: 'dec_a', candidate_id: c.id, kind: 'correct', by: 'Mira Okafor', at: data.now, before: 'open' } };
  }
  function settle(id, body) {
    const from = body.kind === 'restore' ? state.aside : state.unmatched;
    const at = from.findIndex((u) => u.event.id === id);
    if (at < 0) throw new Problem(409, 'Conflict', 'The event falls under a contract already: matched by Jon Aldous.', { kind: 'conflict' });
    const [u] = from.splice(at, 1);
    if (body.kind === 'ignore') state.aside.push({ ...u, reason: body.reason });
    if (body.kind === 'restore') state.unmatched.push(u);
    touch('events', id);
    return { events: u.events, contract_id: body.contract_id };
  }

  const refused = (...why) => { throw new Problem(...why); };
  // What the monitor does: a moment after the answer, told by the stream of live updates.
  const later = (follow, id) => setTimeout(() => { follow(); touch('findings', id); }, 20);
  const confident = (id) => state.candidates.filter((c) => c.review_id === id && c.state === 'open' && !c.reasons?.length && Number(c.confidence) >= 0.85);
  const documentOf = (id) => find(data.documents, id);
  const obligations = [
    { obligation: { id: 'obl_p1', key: 'resolution_time/P1', kind: 'resolution_time', title: 'Resolve P1 incidents within 4 hours', bearer: 'supplier', beneficiary: 'customer', params: { priority: 'P1', target: { value: 4, unit: 'hour' } }, confidence: '0.84', in_force: { from: '2024-07-01', until: '2026-03-15' }, evidence: [passage('P1 – Critical 30 minutes 4 hours 24x7', 'B 2.2')] },
      occurrences: state.findings.filter((f) => f.kind === 'resolution_time').map((f, i) => ({ id: `occ_${i}`, key: f.subject, subject: f.subject, period: { start: '2026-03-12T13:00:00Z' }, due_at: '2026-03-12T17:30:00Z', status: f.assessment.status, assessment: f.assessment })),
      segments: [{ from: '2024-07-01', until: '2026-03-15', contract_id: 'con_acme', title: 'Master Subscription Agreement', params: { priority: 'P1', target: { value: 4, unit: 'hour' } } }, { from: '2026-03-15', contract_id: 'con_acme_am1', title: 'Amendment No. 1', params: { priority: 'P1', target: { value: 2, unit: 'hour' } } }] },
    { obligation: { id: 'obl_up', key: 'availability', kind: 'availability', title: 'Keep the service available 99.9 % of each month', bearer: 'supplier', beneficiary: 'customer', confidence: '0.86', in_force: { from: '2024-07-01' }, evidence: [], params: ask.uptime().params }, occurrences: [{ id: 'occ_up', contract_id: 'con_acme', key: '2026-03', subject: 'Halden Relay 2026-03', period: { start: '2026-03-01T00:00:00Z', end: '2026-04-01T00:00:00Z' }, due_at: '2026-04-01T00:00:00Z', due_on: '2026-03-31', status: 'on_track', assessment: { status: 'on_track', at: data.now, elapsed: '1h58m0s', target: '99.9', measured: '99.735', next_at: '2026-04-01T00:00:00Z', trace: [{ rule: 'promise so far', inputs: '99.735 % >= 99.9 %', result: 'on track' }] } }] },
  ];
  const termOf = (c) => ({ name: c.name, value: c.value, evidence: c.evidence, confidence: c.confidence, verification: 'verified', extractor: c.extractor, decided_by: 'Mira Okafor', document_id: 'doc_acme' });
  const contractDetail = (id) => {
    const contract = contractOf(id);
    const acme = id === 'con_acme';
    return { contract, ...(acme ? { version: { id: 'ver_1', business_unit: 'emea', contract_id: id, number: 1, terms: data.candidates().filter((c) => c.value).map(termOf), obligations: [], published_by: 'Mira Okafor', published_at: '2026-03-02T09:30:00Z' } } : {}), family: data.contracts.filter((c) => c.family_id === contract.family_id),
      documents: data.documents.filter((d) => d.contract_id === id), links: state.links.filter((l) => l.contract_id === id), review: state.reviews.find((r) => r.contract_id === id && r.state !== 'finished'), renewal: state.renewals.find((r) => r.contract_id === id),
      in_force: acme ? data.candidates().filter((c) => c.value).map((c) => ({ name: c.name, label: c.label, value: c.value, coming: null, contract_id: c.name === 'notice_period' ? 'con_acme_am1' : 'con_acme', from: c.name === 'notice_period' ? '2026-03-15' : '2024-07-01', rule: c.name === 'notice_period' ? 'later over earlier: Amendment No. 1 holds from 2026-03-15, Master Subscription Agreement from 2024-07-01' : 'the only one in force', ...(c.name === 'notice_period' ? { evidence: [{ passage: { document_id: 'doc_acme', text_id: 'txt_acme', quote: 'The notice period of Section 3.2 is ninety (90) days.', clause: '2', start: 0, end: 53, verification: 'verified' } }] } : {}), superseded: c.name === 'notice_period' ? [{ value: { kind: 'duration', duration: { value: 60, unit: 'day' } }, contract_id: 'con_acme', title: 'Master Subscription Agreement', from: '2024-07-01', why: 'later over earlier: Amendment No. 1 holds from 2026-03-15, Master Subscription Agreement from 2024-07-01' }] : null })) : null, changes: [] };
  };
  const findingDetail = (id) => {
    const finding = find(state.findings, id);
    const asked = finding.obligation_id === 'obl_up' ? { asked: state.uptime, ...(finding.assessment.amount_state === 'needs_charge' ? { charge: { service: 'Halden Relay', months: ['2025-09'] } } : {}) } : {};
    return { ...asked, charges: id === 'fnd_charge' ? state.charges : [], finding, contract: contractOf(finding.contract_id), obligation: obligations[0].obligation, events: data.events, approval: state.approvals.find((a) => a.finding_id === id && a.kind === 'credit'), ...(id.startsWith('fnd_gap') ? { answer: state.approvals.find((a) => a.kind === 'answer' && a.state === 'waiting') } : {}), claim: state.claims.find((c) => c.finding_id === id), actions: state.actions.filter((a) => a.finding_id === id), notifications: [{ id: 'ntf_1', business_unit: 'emea', key: 'ntf/1', revision: 1, channel: 'email', recipient: 'dana@halden.example', subject: finding.title, body: '…', state: 'sent', attempts: 1, created_at: data.now, updated_at: data.now }] };
  };

  const routes = [
    ['GET', '/session', () => ({ actor: { id: 'usr_mira', kind: 'person', name: 'Mira Okafor', role: state.role, units: ['*'] }, email: 'mira@halden.example', server: { version: 'fixtures', now: data.now, movable_clock: true } })],
    ['PUT', '/session/password', ({ body }) => {
      if (body.old !== 'correct horse') throw new Problem(422, 'Unprocessable Entity', 'The old password is wrong. Nothing was changed.', { kind: 'invalid' });
      state.passwords.push(body.new);
    }],
    ['GET', '/overview', () => ({ ...admin.overview() })],
    ['GET', '/reviews', ({ query }) => page(state.reviews.map((review) => ({ review, contract: contractOf(review.contract_id), document: documentOf(review.document_id) })).filter((r) => includes(query, r.contract.title, r.contract.customer) && is(query, 'state', r.review.state)), query)],
    ['GET', '/reviews/:id', ({ id }) => {
      const review = find(state.reviews, id);
      return { review, contract: contractOf(review.contract_id), documents: [documentOf(review.document_id)], candidates: state.candidates.filter((c) => c.review_id === id), tracked: duties.tracked().filter((t) => state.candidates.some((c) => c.review_id === id && c.id === t.candidate_id && isOpen(c))), decisions: state.decisions, policy: { version: 2, note: 'Demo: first 10', threshold: '0.85', first_n: 10 }, specs: data.specs };
    }],
    ['GET', '/reviews/:id/nearest', ({ id, query }) => (id === 'rev_acme' && data.nearest[query.get('name')]) || { document_id: 'doc_acme', pages: id === 'rev_acme' ? 10 : 0, blocks: 15, passages: [] }],
    ['POST', '/reviews/:id/candidates', ({ id, body }) => { const out = addTo(id, body); touch('reviews', id); return out; }],
    ['GET', '/obligation-kinds', () => ({ items: schemas })],
    ['POST', '/obligations/check', ({ body }) => ({ problems: wrongParams(body.obligation), questions: duties.questions(body.obligation).length ? duties.questions(body.obligation) : body.obligation.params?.target?.unit?.startsWith('business') && !body.obligation.params.hours ? [{ field: 'hours', message: 'The target counts business time, but no business hours are stated. Which hours and which zone count?' }] : [] })],
    ['GET', '/events/unmatched', ({ query }) => ({ items: query.get('ignored') === 'true' ? state.aside : state.unmatched, more: false })],
    ['GET', '/events/:id/contracts', ({ id }) => data.eventOptions[id] ?? { reason: state.unmatched.find((u) => u.event.id === id)?.reason ?? '', options: [] }],
    ['POST', '/events/:id/decision', ({ id, body }) => settle(id, body)],
    ['GET', '/connections/:id/webhook', ({ id }) => (id === 'cnn_clm' ? state.hook : { registrable: false, state: 'unknown', events: [], lacks: [], deliveries: {} })],
    ['POST', '/connections/:id/register-webhook', ({ id }) => {
      if (!state.hook.tried) { state.hook.tried = true; throw new Problem(502, 'Bad Gateway', 'The other system said: the target address must begin with https.', { kind: 'unavailable' }); }
      Object.assign(state.hook, { state: 'registered', lacks: [], events: ['workflow_completed', 'workflow_cancelled', 'record_contract_status_changed'], registered_at: data.now, registered_by: 'Mira Okafor' });
      return state.connections.find((c) => c.connection.id === id);
    }],
    ['GET', '/contracts/:id/in-force', ({ id, query }) => {
      const on = query.get('on') || data.now.slice(0, 10);
      const before = on < '2026-03-15';
      const items = id !== 'con_acme' || on < '2024-07-01' ? [] : contractDetail(id).in_force.map((t) => (t.name !== 'notice_period' || !before ? t : { ...t, value: { kind: 'duration', duration: { value: 60, unit: 'day' } }, contract_id: 'con_acme', superseded: [], coming: [{ value: t.value, contract_id: 'con_acme_am1', title: 'Amendment No. 1', from: '2026-03-15', why: 'not yet in force: holds from 2026-03-15' }] }));
      return { on, items, changes: [] };
    }],
    ['POST', '/reviews/:id/assign', ({ id, body }) => Object.assign(find(state.reviews, id), { assignee: body.assignee, state: 'in_review' })],
    ['POST', '/candidates/:id/decisions', ({ id, body }) => { const out = decide(id, body); touch('reviews', out.review.id); return out; }],
    ['POST', '/reviews/:id/accept-confident', ({ id, body }) => {
      const list = confident(id);
      const ids = list.map((c) => c.id);
      if (!body.preview) list.forEach((c) => decide(c.id, { kind: 'accept', revision: c.revision }));
      return { candidates: ids, accepted: !body.preview, review: find(state.reviews, id) };
    }],
    ['POST', '/reviews/:id/restore', ({ id, body }) => {
      const candidates = body.candidate_ids.map((c) => decide(c, { kind: 'restore', revision: find(state.candidates, c).revision }).candidate);
      return { review: find(state.reviews, id), candidates };
    }],
    ['POST', '/reviews/:id/finish', ({ id }) => {
      const review = find(state.reviews, id);
      if (review.open) throw new Problem(409, 'Something is still open', `${review.open} values need a decision before the review can finish.`, { kind: 'conflict' });
      return Object.assign(review, { state: 'finished' });
    }],
    ['POST', '/contracts', () => ({ contract: contractOf('con_solvane'), document: documentOf('doc_solvane'), repeated: false })],
    ['GET', '/contracts', ({ query }) => page(data.contracts.filter((c) => includes(query, c.title, c.number, c.customer) && is(query, 'state', c.state) && is(query, 'contract_type', c.contract_type) && (!query.get('with_clause') || c.id === 'con_acme') && (!query.get('without_clause') || c.id !== 'con_acme')), query)],
    ['GET', '/contracts/:id', ({ id }) => contractDetail(id)],
    ['GET', '/contracts/:id/versions', () => ({ items: [] })],
    ['GET', '/contracts/:id/obligations', ({ id }) => ({ items: id === 'con_veridian' ? [pass.reportRow(state), pass.triggerRow(state)] : id === 'con_acme' ? obligations.map((row) => ({ ...row, obligation: { ...row.obligation, ...state.settings[row.obligation.id] }, asks: pass.asksOf(state, row.obligation) })) : null })],
    ['GET', '/contracts/:id/timeline', () => ({ items: [{ at: '2026-03-12T17:30:00Z', kind: 'finding', title: 'Breach: ticket INC0012345 passed 4 hours', detail: '', id: 'fnd_p1' }, { at: '2026-03-02T09:30:00Z', kind: 'version', title: 'Version 1 published', detail: 'by Mira Okafor', id: 'ver_1' }, { at: '2026-03-02T09:00:00Z', kind: 'document', title: 'Document received from Ironclad EU', detail: '', id: 'doc_acme' }] })],
    ['GET', '/documents/:id', ({ id }) => documentOf(id)],
    ['GET', '/documents/:id/reading', ({ id }) => (id === 'doc_solvane' ? state.flow : id === 'doc_scan' ? scan.reading : reading)],
    ['GET', '/documents/:id/clauses', ({ id, query }) => { documentOf(id); return clausesOf(id, query); }],
    ['GET', '/documents/:id/definitions', ({ id }) => definitionsOf(id)],
    ['GET', '/documents/:id/references', ({ id }) => referencesOf(id)],
    ['GET', '/documents/:id/signatures', ({ id }) => signaturesOf(id)],
    ['GET', '/clauses', () => ({ items: clauseCounts() })],
    ['GET', '/documents/:id/words', ({ id, query }) => ({ items: id === 'doc_scan' ? scan.lines.filter((l) => l.page === Number(query.get('page'))).map(({ start, end, words }) => ({ start, end, words })) : [] })],
    ['GET', '/documents/:id/places', ({ query, id }) => { const [s, e] = [Number(query.get('start')), Number(query.get('end'))]; if (id === 'doc_scan') return { quote: scan.reading.text.slice(s, e), places: scan.lines.flatMap((l) => { const w = l.words.filter((x) => x.start < e && x.end > s); return w.length ? [{ page: l.page, box: { ...w[0].box, right: w.at(-1).box.right } }] : []; }) }; return id === 'doc_solvane' ? { quote: Array.from(state.flow.text).slice(s, e).join(''), places: [] } : { quote: reading.text.slice(s, e), places: places(s, e) }; }],
    ['POST', '/documents/:id/retry', ({ id }) => documentOf(id)],
    ['GET', '/findings', ({ query }) => page(state.findings.map((finding) => ({ finding, contract_title: contractOf(finding.contract_id).title, customer: contractOf(finding.contract_id).customer })).filter(({ finding: f }) => includes(query, f.title, f.subject) && is(query, 'state', f.state) && is(query, 'severity', f.severity) && is(query, 'credit', f.credit) && is(query, 'contract_id', f.contract_id)), query)],
    ['GET', '/findings/:id', ({ id }) => findingDetail(id)],
    ['POST', '/findings/:id/decision', ({ id, body }) => { const f = find(state.findings, id); touch('findings', id); return Object.assign(f, { state: { confirm: 'confirmed', waive: 'waived', close: 'closed' }[body.kind], revision: f.revision + 1 }); }],
    ['GET', '/event-kinds', () => ({ items: ask.eventKinds() })],
    ['GET', '/event-imports', ({ query }) => page(state.imports.map((i) => ({ ...i, rejections: undefined })), query)],
    ['GET', '/event-imports/:id', ({ id }) => find(state.imports, id)],
    ['POST', '/events/import', ({ body }) => ask.importTable(state, body, refused)],
    ['POST', '/contracts/:id/backtest', ({ id, body }) => ({ ...ask.replay(body, refused), ...(id === 'con_veridian' ? { passed: [{ obligation: 'availability', title: ask.uptime().title, contract_id: 'con_acme', contract: 'Master Subscription Agreement' }] } : {}) })],
    ['POST', '/findings/:id/answer', ({ id, body }) => { const { out, follow } = ask.answer(state, id, body, refused); later(follow, id); return out; }],
    ['POST', '/contracts/:id/charge', ({ body }) => { const { out, follow } = ask.charge(state, body, refused); state.charges = [{ ...out, received_at: data.now, data: { ...out.data, reference: body.reference, approved_by: 'usr_mira' } }]; later(follow, 'fnd_charge'); return out; }],
    ['POST', '/contracts/:id/charge/correction', ({ body }) => { const { out, follow } = pass.correctCharge(state, body, refused); later(follow, 'fnd_charge'); return out; }],
    ['POST', '/obligations/:id/cascade/preview', ({ id, body }) => pass.previewOf(state, id, body, refused)],
    ['PUT', '/obligations/:id/cascade', ({ id, body }) => { const out = pass.setCascade(state, id, body, refused); touch('obligations', id); return out; }],
    ['POST', '/obligations/:id/trigger', ({ body }) => pass.stateTrigger(state, body, refused)],
    ['POST', '/obligations/:id/performance', ({ body }) => pass.answerPerformance(state, body, refused)],
    ['GET', '/check-in-mails', ({ query }) => page(pass.checkInMails().filter(({ mail }) => is(query, 'obligation_id', mail.obligation_id) && is(query, 'check_in', mail.check_in) && is(query, 'state', mail.state)), query)],
    ['PUT', '/obligations/:id/check-ins', ({ id, body }) => pass.planCheckIns(state, id, body, refused)],
    ['POST', '/obligations/:id/check-ins', ({ id, body }) => pass.sayCheckIn(state, id, body)],
    ['GET', '/obligations/:id/schedule', ({ query }) => book.schedule(query)],
    ['GET', '/obligations/:id/check-ins', ({ id, query }) => page(state.checkIns.filter((c) => c.obligation_id === id), query)],
    ['POST', '/obligations/:id/answer', ({ id, body }) => pass.answerObligation(state, id, body, refused)],
    ['GET', '/approvals', ({ query }) => page(state.approvals.filter((a) => is(query, 'state', a.state)).map((approval) => ({ approval, finding: state.findings.find((f) => f.id === approval.finding_id), contract: contractOf(approval.contract_id) })), query)],
    ['POST', '/approvals/:id/withdrawal', ({ id, body }) => { const a = find(state.approvals, id); if (state.decidedBetween) { Object.assign(a, { state: 'approved', revision: 9 }); state.decidedBetween = false; } return ask.withdrawAnswer(a, body, refused); }],
    ['POST', '/approvals/:id/decision', ({ id, body }) => { const a = find(state.approvals, id); if (a.kind === 'answer') return ask.decideAnswer(state, a, body, refused); if (body.kind === 'approve') throw new Problem(403, 'You reviewed this contract', 'Four eyes: an approver who did not review the contract decides on its money.', { kind: 'denied' }); return Object.assign(a, { state: 'refused', reason: body.reason }); }],
    ['GET', '/occurrences/:id', ({ id }) => {
      const row = obligations.find((x) => x.occurrences.some((o) => o.id === id)) ?? pass.reportRow(state);
      const occurrence = { contract_id: 'con_acme', ...find(row.occurrences, id) };
      return { occurrence, obligation: row.obligation, events: row.obligation.id === 'obl_p1' ? data.events : [], finding: state.findings.find((f) => f.kind === row.obligation.kind && f.subject === occurrence.subject) };
    }],
    ['GET', '/obligations', ({ query }) => page(book.dutiesOf(state.duties, query), query)],
    ['GET', '/obligations/calendar', ({ query }) => book.dueMonth(state.duties, query)],
    ['PUT', '/obligations/:id/owner', ({ id, body }) => { if (body.owner && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(body.owner)) throw new Problem(422, 'Unprocessable Entity', `"${body.owner}" is no e-mail address. Nothing was changed; write it as name@example.com, or leave it empty for the owner of the contract.`, { kind: 'invalid' }); const d = find(state.duties, id); return Object.assign(d, { own_owner: body.owner, owner: body.owner || contractOf(d.contract_id).owner, unknown_owner: !!body.owner && !state.users.some((u) => u.email === body.owner), revision: d.revision + 1 }); }],
    ['GET', '/renewals', ({ query }) => page(book.renewalsOf(state, query), query)],
    ['POST', '/contracts/:id/notice', ({ id, body }) => { const r = [...state.renewals, ...state.evergreen].find((x) => x.contract_id === id); Object.assign(r, { notice: 'sent', status: 'met', sent: { event_id: 'evt_s', on: body.sent_on, reference: body.reference, by: 'recorded by Mira Okafor', actor_id: 'usr_mira' } }); return { id: 'evt_s', kind: 'notice_sent', external_id: 'notice', subject: body.renewal, occurred_at: data.now, data: {} }; }],
    ['POST', '/contracts/:id/notice/withdrawal', ({ id, body }) => { const r = state.renewals.find((x) => x.contract_id === id); Object.assign(r, { notice: 'open', status: 'at_risk', sent: undefined }); return { id: 'evt_back', kind: 'correction', external_id: 'notice/back', subject: r.renewal_date, occurred_at: data.now, data: { reason: body.reason } }; }],
    ['POST', '/contracts/:id/renewal-decision', ({ id, body }) => { const r = state.renewals.find((x) => x.contract_id === id); Object.assign(r, { notice: { renew: 'will_renew', end: 'will_end', negotiate: 'negotiating' }[body.decision], sent: undefined, status: body.decision === 'negotiate' ? r.status : 'excused', decision: { event_id: 'evt_d', decision: body.decision, on: body.decided_on, reason: body.reason, note: body.note, by: 'decided by Mira Okafor', actor_id: 'usr_mira' } }); return { id: 'evt_d', kind: 'renewal_decided', external_id: 'decision', subject: body.renewal, occurred_at: data.now, data: { state: body.decision } }; }],
    ['POST', '/contracts/:id/renewal-decision/withdrawal', ({ id, body }) => { const r = state.renewals.find((x) => x.contract_id === id); Object.assign(r, { notice: 'open', status: 'at_risk', decision: undefined }); return { id: 'evt_back', kind: 'correction', external_id: 'decision/back', subject: r.renewal_date, occurred_at: data.now, data: { reason: body.reason } }; }],
    ['GET', '/claims', ({ query }) => page(book.claimsOf(state, query), query)],
    ['GET', '/claims/sums', ({ query }) => ({ items: book.sumsOf(book.claimsOf(state, query)) })],
    ['POST', '/findings/:id/claim', ({ id, body }) => {
      const f = find(state.findings, id);
      if (body.kind === 'agree' && body.amount && !body.reason) throw new Problem(422, 'Unprocessable Entity', 'The amount is another one. Say why; it is kept with the claim. Nothing was changed.', { kind: 'invalid' });
      let c = state.claims.find((x) => x.finding_id === id);
      if (!c) { c = { ...book.claims()[0], id: `clm_${id}`, finding_id: id, contract_id: f.contract_id, steps: [], claimed: undefined, reference: undefined }; state.claims.push(c); }
      const amount = body.amount ?? c.agreed ?? c.claimed ?? f.amount;
      if (body.amount && Number(body.amount.value) > Number(f.amount.value)) { // waits for a second person
        c.steps.push({ kind: body.kind, at: data.now, by: 'usr_mira', on: body.on, amount, reference: body.reference, reason: body.reason, finding_version: 1, approval_id: 'apr_claim', held: 'waiting' });
        f.revision += 1;
        return { finding: f, claim: c };
      }
      const to = { claim: 'claimed', agree: 'agreed', refuse: 'refused', settle: 'settled', withdraw: 'due' }[body.kind];
      Object.assign(c, { state: to, ...(['claimed', 'agreed', 'settled'].includes(to) ? { [to]: amount } : {}), ...(body.reference ? { reference: body.reference } : {}) });
      c.steps.push({ kind: body.kind, at: data.now, by: 'usr_mira', on: body.on, ...(['claimed', 'agreed', 'settled'].includes(to) ? { amount } : {}), reference: body.reference, reason: body.reason, finding_version: 1 });
      Object.assign(f, { credit: to, revision: f.revision + 1 });
      touch('claims', c.id);
      return { finding: f, claim: c };
    }],
    ['GET', '/engines', () => book.engines()],
    ['GET', '/thresholds', () => ({ items: book.thresholds() })],
    ['GET', '/quality', () => ({ items: book.quality() })],
    ['GET', '/calibration', () => ({ items: book.calibration() })],
    ['POST', '/policies/rollback', ({ body }) => { state.policies.filter((p) => p.kind === body.kind).forEach((p) => Object.assign(p, p.version === 1 ? { active: true, state: 'active' } : { active: false, state: 'replaced' })); return state.policies.find((p) => p.kind === body.kind && p.active); }],
    ['GET', '/connectors', () => ({ items: admin.connectors })],
    ['GET', '/connections', () => ({ items: state.connections })],
    ['POST', '/connections', ({ body }) => ({ connection: { ...state.connections[1].connection, ...body, id: 'cnn_crm' }, title: 'New', actions: null })],
    ['GET', '/connections/:id', ({ id }) => state.connections.find((c) => c.connection.id === id) ?? (() => { throw notFound(); })()],
    ['PUT', '/connections/:id', ({ id, body }) => { const row = state.connections.find((c) => c.connection.id === id); Object.assign(row.connection, body, { secrets: row.connection.secrets }); return row; }],
    ['POST', '/connections/:id/check', ({ id }) => state.connections.find((c) => c.connection.id === id)],
    ['POST', '/connections/:id/sync', ({ id }) => state.connections.find((c) => c.connection.id === id)],
    ['GET', '/connections/:id/actions', ({ id, query }) => page(state.actions.filter((a) => a.connection_id === id && is(query, 'state', a.state)), query)],
    ['POST', '/actions/:id/replay', ({ id }) => Object.assign(find(state.actions, id), { state: 'pending', reason: '' })],
    ['POST', '/connections/:id/dry-run', () => admin.dryRun],
    ['GET', '/connections/:id/mapping', ({ id }) => admin.mappings[id] ?? admin.mappings.cnn_crm],
    ['GET', '/connections/:id/deliveries', ({ id, query }) => page(state.deliveries.filter((d) => d.connection_id === id), query)],
    ['POST', '/deliveries/:id/replay', ({ id }) => Object.assign(find(state.deliveries, id), { state: 'received', reason: '' })],
    ['GET', '/links', ({ query }) => page(state.links.filter((l) => is(query, 'state', l.state)), query)],
    ['POST', '/links/:id/decision', ({ id, body }) => Object.assign(find(state.links, id), { state: 'confirmed', external_id: body.external_id })],
    ['GET', '/audit', ({ query }) => page(admin.audit.filter((e) => is(query, 'act', e.act) && is(query, 'actor', e.actor_id)), query)],
    ['GET', '/audit/verify', () => ({ entries: 1204, unsealed: 1, head: 'b7e0', ok: true })],
    ['GET', '/people', () => ({ items: state.users.map(({ id, name }) => ({ id, name })) })],
    ['GET', '/users', () => ({ items: state.users })],
    ['POST', '/users', ({ body }) => { const u = { id: `usr_${state.users.length}`, disabled: false, revision: 1, created_at: data.now, ...body }; state.users.push(u); return u; }],
    ['PUT', '/users/:id', ({ id, body }) => Object.assign(find(state.users, id), body)],
    ['GET', '/keys', () => ({ items: state.keys })],
    ['POST', '/keys', ({ body }) => { const k = { id: 'key_2', hint: 'pl_9xQ', created_by: 'usr_mira', created_at: data.now, ...body }; state.keys.push(k); return { key: 'pl_9xQ7f2e-shown-once', api_key: k }; }],
    ['DELETE', '/keys/:id', ({ id }) => { find(state.keys, id).revoked_at = data.now; }],
    ['GET', '/policies', () => ({ items: state.policies })],
    ['POST', '/policies', ({ body }) => { pass.checkPolicy(body, refused); const p = { id: 'pol_9', version: body.kind === 'escalation' ? 1 : 3, state: 'active', active: true, created_by: 'usr_mira', created_at: data.now, revision: 1, ...body }; state.policies.filter((x) => x.kind === body.kind).forEach((x) => Object.assign(x, { active: false, state: 'replaced' })); state.policies.push(p); return p; }],
  ];

  async function api(req, res, url) {
    const path = url.pathname.replace('/api/v1', '');
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    const json = (req.headers['content-type'] ?? '').includes('json');
    if (path !== '/live') await late();
    const body = json && chunks.length ? JSON.parse(Buffer.concat(chunks)) : {};
    const send = (status, value, headers = {}) => { res.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers }); res.end(value === undefined ? '' : JSON.stringify(value)); };
    if (path === '/session' && req.method === 'POST') {
      if (body.password !== 'correct horse') return send(401, { title: 'That did not match', status: 401, detail: 'E-mail or password is wrong.', request_id: 'req_fixture' });
      state = fresh();
      return send(200, { actor: { id: 'usr_mira' } }, { 'Set-Cookie': 'pactloop_session=fixture; HttpOnly; Path=/; SameSite=Lax' });
    }
    if (path === '/session' && req.method === 'DELETE') return send(204, undefined, { 'Set-Cookie': 'pactloop_session=; Path=/; Max-Age=0' });
    if (!(req.headers.cookie ?? '').includes('pactloop_session=fixture')) return send(401, { title: 'Sign in first', status: 401 });
    if (path === '/live') {
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      res.write(': hello\n\n');
      streams.add(res);
      req.on('close', () => streams.delete(res));
      return undefined;
    }
    const file = /^\/documents\/(\w+)\/file$/.exec(path);
    if (file) {
      res.writeHead(200, { 'Content-Type': 'application/pdf' });
      return res.end(readFileSync(join(samples, documentOf(file[1]).filename)));
    }
    const table = /^\/(obligations|renewals|claims)\.(csv|ics)$/.exec(path);
    if (table) {
      res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Disposition': `attachment; filename="${table[0].slice(1)}"` });
      return res.end(`${table[1]} ${url.search}`);
    }
    for (const [method, pattern, handle] of routes) {
      const match = new RegExp(`^${pattern.replace(':id', '([^/]+)')}$`).exec(path);
      if (!match || method !== req.method) continue;
      try {
        return send(200, handle({ id: match[1], body, query: url.searchParams }));
      } catch (error) {
        if (error instanceof Problem) return send(error.body.status, error.body);
        return send(500, { title: 'Our failure', status: 500, detail: String(error), request_id: 'req_fixture' });
      }
    }
    return send(404, notFound().body);
  }

  function asset(res, url) {
    const path = normalize(join(dist, url.pathname));
    if (path.startsWith(dist) && url.pathname !== '/' && existsSync(path) && statSync(path).isFile()) {
      res.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream', 'X-Content-Type-Options': 'nosniff' });
      return res.end(readFileSync(path));
    }
    if (extname(url.pathname)) { res.writeHead(404); return res.end('not found'); }
    const nonce = Math.random().toString(36).slice(2);
    res.writeHead(200, { 'Content-Type': types['.html'], 'Content-Security-Policy': policy(nonce) });
    return res.end(readFileSync(join(dist, 'index.html'), 'utf8').replaceAll('__CSP_NONCE__', nonce));
  }

  const server = createServer((req, res) => {
    const url = new URL(req.url, 'http://localhost');
    // A page that goes away breaks off what it was sending: that concerns nobody, and must not end the tests as unheard.
    if (url.pathname.startsWith('/api/')) return void api(req, res, url).catch((error) => { if (!req.destroyed && !res.destroyed) console.error(error); res.destroy(); });
    return void asset(res, url);
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve({
      url: `http://127.0.0.1:${server.address().port}`,
      conflictOnce: () => { state.conflictOnce = true; },
      become: (role) => { state.role = role; },
      colleagueAnswers: () => ask.colleaguesAnswer(state),
      colleagueStarts: (body) => { pass.stateTrigger(state, body, refused, 'usr_jon'); touch('findings', 'fnd_uptime'); },
      colleaguePerforms: (body) => { pass.answerPerformance(state, body, refused, 'usr_jon'); touch('findings', 'fnd_uptime'); },
      chargeBetween: () => { state.chargedBetween = true; },
      decidedBetween: () => { state.decidedBetween = true; },
      close: () => { streams.forEach((s) => s.end()); server.closeAllConnections(); server.close(); },
    }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start({ port: Number(process.env.PORT ?? 8080) });
  console.log(`Fixtures at ${url}. Sign in as mira@halden.example with the password "correct horse". Use npm run dev beside it for live reload.`);
}
