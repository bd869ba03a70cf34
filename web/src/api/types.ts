/**
 * The nouns as the API sends them: the types of internal/pact with their JSON names. Decimals are strings and stay
 * strings; dates are ISO; times are RFC 3339 in UTC. A list that Go may send as null is typed so.
 */
type Maybe<T> = T | null | undefined;
export type List<T> = Maybe<T[]>;

export interface Amount { value: string; currency: string }
export interface Duration { value: number; unit: string }
export interface Party { name: string; role?: string; aliases?: string[]; address?: string; jurisdiction?: string }
export interface Discount { percent: string; days: number }
export interface PaymentTerms {
  text?: string; net_days?: number; basis?: string; discounts?: Discount[]; eom?: boolean; on_receipt?: boolean;
  late_interest_percent?: string; late_interest_per?: string; late_interest_over?: string;
}
export interface Tier { from?: string; over?: string; below?: string; up_to?: string; credit: string }
export interface Cap { amount?: Amount; multiple?: string; window?: Duration; basis?: string; text?: string }

export type OperationKind = 'replace' | 'delete' | 'insert' | 'change_value' | 'extend' | 'restate' | 'retitle' | 'waive';
export interface Operation {
  kind: OperationKind; target?: string; terms?: string[]; new_target?: string; old?: string; new?: string; by?: Duration; to?: string; from?: string; until?: string; settled?: boolean;
}
export interface ContractRef { contract_id?: string; relation: string; title?: string; number?: string; date?: string; why?: string }

export type ValueKind =
  | 'text' | 'date' | 'duration' | 'money' | 'percentage' | 'number' | 'flag' | 'parties' | 'payment_terms' | 'tiers' | 'cap' | 'evergreen' | 'operation' | 'contract';
export interface Value {
  kind: ValueKind; text?: string; date?: string; duration?: Duration; money?: Amount; percentage?: string; number?: string;
  flag?: boolean; parties?: Party[]; payment_terms?: PaymentTerms; tiers?: Tier[]; cap?: Cap; operation?: Operation; contract?: ContractRef;
}

export interface Box { left: number; top: number; right: number; bottom: number }
export interface Place { page?: number; box?: Box; block?: number; start?: number; end?: number }
export interface Passage {
  document_id?: string; text_id?: string; quote: string; start: number; end: number; places?: Place[]; clause?: string; verification: string;
}
export interface RecordRef { connection_id?: string; object: string; external_id: string; field?: string; value?: string; url?: string }
export interface Statement { by: string; at: string; text: string; reason?: string }
export interface Evidence { passage?: Passage; record?: RecordRef; statement?: Statement }
export interface Derivation { rule: string; inputs: Record<string, string> }
export interface Ambiguity { code: string; question: string; readings?: Value[]; texts?: string[]; outcomes?: Outcome[] }
export interface Outcome { reading: string; amount?: Amount; result?: string; set?: string }

export interface Contract {
  id: string; business_unit: string; number: string; title: string; contract_type: string; customer: string; state: string; phase: string;
  family_id: string; parent_id?: string; relation?: string; source?: RecordRef; current_version: number; effective_date?: string;
  expiration_date?: string; renewal_date?: string; send_by?: string; auto_renewal?: boolean; total_value?: Amount; owner?: string;
  facts?: Record<string, string>; revision: number; created_at: string; updated_at: string;
}
export interface ContractDocument {
  id: string; contract_id: string; filename: string; media_type: string; size: number; sha256: string; state: string; reason?: string; progress?: string;
  warnings?: string[]; text_id?: string; reader?: string; pages?: number; source?: RecordRef; attempts: number; revision: number; created_at: string; updated_at: string;
}
export interface CheckInPlan { every: string; first?: string }
export interface Cascade { to?: string[]; override?: string; owner?: string; check_in?: CheckInPlan }
export interface Reached { contract_id: string; title: string; number: string; relation: string; outcome: string; from?: string; owner?: string; unknown_owner?: boolean; check_in?: string; already?: boolean }
export interface CheckIn { id: string; state: string; note: string; by: string; on: string; due_on?: string; next_due?: string; created_at: string }
export interface Obligation {
  id?: string; contract_id?: string; key: string; kind: string; title: string; side?: string; bearer?: string; beneficiary?: string; deliverable?: string;
  trigger?: string; frequency?: string; duty?: string; metric?: string; remedy?: string; regulations?: string[]; start_date?: string; params?: unknown; in_force?: { from?: string; until?: string };
  evidence?: Evidence[]; confidence: string; verification?: string; ambiguities?: Ambiguity[]; document_id?: string; owner?: string; revision?: number;
  cascade?: Cascade; inherited_from?: string; check_in?: CheckInPlan; check_in_due?: string; check_in_state?: string;
}
export interface TraceStep { rule: string; inputs?: string; result: string; clause?: string; event_ids?: string[] }
export interface Assessment {
  status?: string; at?: string; due_at?: string; breached_at?: string; ended_at?: string; next_at?: string; elapsed?: string; target?: string;
  percent?: string; threshold?: string; measured?: string; amount?: Amount; amount_state?: string; claim_by?: string; trace?: TraceStep[]; ambiguities?: Ambiguity[];
}
export interface Occurrence {
  contract_id?: string; due_on?: string; id?: string; obligation_id?: string; key: string; subject: string; period: { start: string; end?: string }; due_at?: string;
  assessment: Assessment; status: string; next_at?: string; updated_at?: string;
}
export interface Candidate {
  id: string; contract_id: string; review_id: string; document_id: string; subject: 'term' | 'obligation' | 'operation' | 'reference'; name: string; label?: string; value?: Value;
  obligation?: Obligation; evidence?: Evidence[]; derivation?: Derivation; confidence: string; own_confidence?: Record<string, string>; verification?: string; extractor?: string;
  ambiguities?: Ambiguity[]; rivals?: Candidate[]; reasons?: string[]; order: number; state: string; decided_by?: string; decided_value?: Value;
  decided_obligation?: Obligation; revision: number; updated_at?: string;
}
export interface Review {
  id: string; contract_id: string; document_id: string; state: string; policy_id: string; policy_version: number; phase: string; assignee?: string;
  reasons?: string[]; open: number; total: number; min_confidence: string; due_at?: string; finished_at?: string; finished_by?: string;
  revision: number; created_at: string; updated_at: string;
}
export interface Decision {
  id: string; candidate_id: string; kind: string; by: string; at: string; reason?: string; policy_version?: number; bulk?: boolean; before: string;
  value?: Value; obligation?: Obligation; evidence?: Evidence[];
}
export interface Term {
  name: string; value: Value; evidence?: Evidence[]; derivation?: Derivation; confidence: string; verification: string; extractor?: string;
  decided_by?: string; decision_id?: string; document_id?: string;
}
export interface TermSpec { name: string; label: string; kind: ValueKind; also?: ValueKind[]; group: string; high_stakes: boolean; required: boolean }
export interface Version {
  id: string; number: number; review_id?: string; terms: List<Term>; obligations: List<Obligation>; effective_from?: string; published_by: string; published_at: string;
}
export interface PactEvent {
  id: string; external_id: string; kind: string; subject: string; occurred_at: string; received_at?: string; data: Record<string, unknown>; replaces?: string; matched_by?: string; ignored?: string; connection_id?: string; contract_id?: string; business_unit?: string;
}
export interface Correction { at: string; reason: string; earlier: Assessment; severity: string; delta?: Amount; event_ids?: string[] }
export interface Finding {
  id: string; contract_id: string; obligation_id: string; occurrence_id: string; kind: string; severity: string; state: string; title: string; message: string;
  subject: string; occurred_at: string; clause?: Evidence[]; assessment: Assessment; event_ids?: string[]; amount?: Amount; credit?: string; claim_by?: string;
  lead?: string; record_ref?: RecordRef; version: number; corrections?: Correction[]; approval_id?: string; revision: number; created_at: string; updated_at: string;
}
export interface Approval {
  id: string; contract_id: string; finding_id: string; kind: string; amount?: Amount; limit?: Amount; state: string; excluded?: string[]; decided_by?: string;
  decided_at?: string; reason?: string; answer?: PendingAnswer; revision: number; created_at: string;
}
export interface Lowered { contract_id?: string; finding_id?: string; title: string; was?: string; is?: string; was_amount?: Amount; is_amount?: Amount; note?: string }
export interface PendingAnswer { obligation_id: string; occurrence_id?: string; obligation: string; question: string; reading?: string; params?: unknown; reason: string; by: string; revision: number; lowers: List<Lowered> }
export interface Notification {
  id: string; channel: string; recipient: string; subject: string; body: string; state: string; reason?: string; attempts: number; created_at: string; updated_at: string;
  contract_id?: string; obligation_id?: string; due_on?: string; level?: number; check_in?: string;
}
export interface CheckInMail { mail: Notification; obligation: string; contract_title: string; customer: string }
export interface Receipt { external_id: string; version?: string; url?: string; at: string; found?: boolean }
export interface Action {
  id: string; key: string; connection_id: string; contract_id?: string; finding_id?: string; kind: string; object: string; external_id?: string;
  fields: Maybe<Record<string, unknown>>; before?: Record<string, unknown>; state: string; reason?: string; attempts: number; next_at?: string; receipt?: Receipt;
  revision: number; created_at: string; updated_at: string;
}
export interface Health { state: string; reason?: string; checked_at?: string; last_ok_at?: string; failures: number }
export interface StreamState { cursor: string; read_at?: string; records: number; error?: string }
export interface Connection {
  id: string; connector: string; name: string; enabled: boolean; settings: Maybe<Record<string, string>>; secrets?: Record<string, string>; allow_hosts: List<string>;
  streams?: Record<string, StreamState>; health: Health; revision: number; settings_revision?: number; business_unit?: string; created_at?: string; updated_at?: string;
}
export interface Delivery {
  id: string; connection_id: string; event_key: string; body: string; state: string; reason?: string; repeats: number; received_at: string; processed_at?: string;
}
export interface LinkOption { external_id: string; name: string; address?: string; score: string; explanation?: string[] }
export interface Link {
  id: string; contract_id: string; connection_id: string; object: string; external_id: string; name: string; url?: string; state: string;
  explanation?: string[]; options?: LinkOption[]; revision: number; created_at: string; updated_at: string;
}
export interface Policy { id: string; kind: string; version: number; active: boolean; state: string; body: unknown; note: string; report?: unknown; created_by: string; created_at: string; decided_by?: string; reason?: string; revision: number }
export interface FieldMapping { term: string; field: string; convert: string; const?: string; risk?: string; source?: string; conflict?: string }
export interface Mapping { id: string; version: number; objects: List<{ object: string; for: string; phase?: string; fields: List<FieldMapping> }> }

export interface Run { start: number; end: number; mark: string }
export interface Block {
  kind: string; start: number; end: number; page?: number; level?: number; number?: string; table?: number; row?: number; col?: number; anchor?: number; runs?: Run[];
}
/** What the file holds beside its text: comments, deletions, hidden words. */
export interface Aside { kind: string; start: number; end: number; text: string; why?: string; author?: string; date?: string }
export interface Reading {
  hash: string; reader: string; text_id: string; text: string; blocks: List<Block>; pages?: { number: number; width: number; height: number; start: number; end: number }[];
  sections?: { number?: string; title: string; start: number; end: number; level: number; parent: number }[]; warnings?: string[]; asides?: Maybe<Aside[]>;
}

export interface PageWord { start: number; end: number; text: string; box: Box }
export interface PageLine { start: number; end: number; words: List<PageWord> }

export interface AuditChange { noun: string; id: string; before?: Record<string, unknown>; after?: Record<string, unknown> }
export interface AuditEntry {
  id: string; position: number; at: string; actor_id: string; actor_name: string; act: string; subject: string; correlation_id: string;
  changes: List<AuditChange>; notes?: Record<string, unknown>; contract_ids?: string[]; mac: string; seal?: string;
}
export interface AuditReport { entries: number; unsealed: number; head: string; ok: boolean; first_bad?: string; problem?: string }

export interface Actor { id: string; kind: string; name: string; role: string; units?: List<string> }
export interface Session { actor: Actor; email: string; server: { version: string; now: string; movable_clock?: boolean; policy_note?: string } }
export interface User { id: string; email: string; name: string; role: string; units: List<string>; disabled: boolean; revision: number; created_at: string }
export interface ApiKey {
  id: string; name: string; hint: string; role: string; units: List<string>; created_by: string; revoked_at?: string; last_used_at?: string; created_at: string;
}
export interface Setting { name: string; title: string; help?: string; kind: string; required: boolean; default?: string; choices?: List<string> }
export interface Connector {
  name: string; title: string; category: string; guide?: string; settings: List<Setting>; streams: List<{ name: string; title: string; object: string }>;
  actions: List<{ kind: string; title: string; object: string }>; webhooks: boolean;
}

export interface Overview {
  as_of: string; policy_note?: string; counts: Record<string, number>;
  credits: List<{ state: string; count: number; amount?: Amount }>;
  sla: List<{ date: string; met: number; breached: number; at_risk: number }>;
  notices: List<{ contract_id: string; title: string; customer: string; send_by: string; renewal_date: string; days_left: number; total_value?: Amount; auto_renewal?: boolean; state?: string }>;
  attention: List<{ kind: string; id: string; contract_id?: string; title: string; detail?: string; at: string; severity?: string }>;
  connections: List<{ id: string; name: string; connector: string; state: string; reason?: string; last_ok_at?: string }>;
}
export interface Page<T> { items: List<T>; next?: string }
export interface ReviewRow { review: Review; contract: Contract; document: ContractDocument }
export interface PolicyInfo { version: number; note?: string; threshold?: string; first_n?: number }
/** An obligation of the register that one of a review looks like, under another key. */
export interface Tracked { candidate_id: string; obligation_id: string; contract_id: string; contract: string; key: string; kind: string; title: string; owner?: string; why: 'passage' | 'params' | 'title' | 'inserted' }
export interface ReviewDetail {
  tracked?: List<Tracked>;
  review: Review; contract: Contract; documents: List<ContractDocument>; candidates: List<Candidate>; decisions: List<Decision>; policy: PolicyInfo; specs: List<TermSpec>;
}
export interface OtherValue { value: Value; contract_id?: string; title?: string; from?: string; why?: string; by?: string }
export interface InForce {
  name: string; label: string; value?: Value; contract_id?: string; from?: string; rule?: string; evidence?: List<Evidence>; order?: List<Evidence>; question?: string; readings?: List<OtherValue>; superseded?: List<OtherValue>; coming?: List<OtherValue>;
}
export interface InForceOn { on: string; items: List<InForce>; changes?: List<FamilyChange>; ends?: string }
export interface NearPassage { passage: Passage; words: List<string> }
export interface Searched { document_id: string; pages: number; blocks: number; passages: List<NearPassage> }
export interface ObligationKind { kind: string; title: string; schema: unknown }
export interface CheckLine { field: string; message: string }
export interface ObligationCheck { problems: List<CheckLine>; questions: List<CheckLine> }
export interface Unmatched { event: PactEvent; events: number; last_at: string; reason: string }
export interface UnmatchedList { items: List<Unmatched>; more: boolean }
export interface ContractOption { contract_id: string; title: string; number: string; customer: string; score?: string; explanation: List<string> }
export interface EventOptions { reason: string; options: List<ContractOption> }
export interface WebhookState {
  address?: string; registrable: boolean; state: string; problem?: string; events: List<string>; lacks: List<string>; key_fetched_at?: string; registered_at?: string; registered_by?: string;
  last_event_at?: string; last_event_state?: string; deliveries: Record<string, number> | null;
}
export interface FamilyChange { contract_id: string; title: string; from?: string; says: string; operation: Operation & { evidence?: Evidence[]; decided_by?: string } }
export interface ContractDetail {
  changes?: List<FamilyChange>;
  contract: Contract; version?: Version; family: List<Contract>; documents: List<ContractDocument>; links: List<Link>; review?: Review; in_force: List<InForce>; renewal?: RenewalRow; ends?: string;
}
export interface OpenQuestion { question: Ambiguity; occurrence_id?: string; subject?: string; others?: number; finding_id?: string; asked: Obligation; waiting?: Approval }
/** A run of days in which one document states an obligation; until is the first day on which it no longer does. */
export interface Segment { from?: string; until?: string; contract_id: string; title: string; params?: unknown }
export interface OccurrenceDetail { occurrence: Occurrence; obligation?: Obligation; events: List<PactEvent>; finding?: Finding }
export interface Performed { occurrence_id: string; event: PactEvent }
export interface ObligationRow { obligation: Obligation; occurrences: List<Occurrence>; asks?: List<OpenQuestion>; waiting?: Approval; self_reported?: boolean; asked_time?: boolean; looked_after_by?: string; performed?: List<Performed>; trigger_asked?: boolean; trigger_time?: boolean; triggers?: List<PactEvent>; segments?: List<Segment>; replaced?: { contract_id: string; title: string; from?: string }; inherited?: { contract_id: string; title: string }; ends_on?: string; ends?: string }
export interface TimelineItem { at: string; kind: string; title: string; detail?: string; id?: string }
export interface FindingRow { finding: Finding; contract_title: string; customer: string }
export interface FindingDetail {
  finding: Finding; contract: Contract; obligation?: Obligation; occurrence?: Occurrence; events: List<PactEvent>; approval?: Approval; claim?: Claim; actions: List<Action>; notifications: List<Notification>;
  charges: List<PactEvent>; asked?: Obligation; answer?: Approval; charge?: { service: string; months: List<string> };
}
export interface ApprovalRow { approval: Approval; finding?: Finding; contract: Contract; step?: ClaimStep }
export interface ConnectionRow { connection: Connection; title: string; webhook_url?: string; actions?: Maybe<Record<string, number>> }
export interface DryRun {
  items: List<{ object: string; external_id?: string; field: string; term?: string; before?: unknown; after?: unknown; change: boolean; note?: string }>;
  problems: List<string>;
}
export interface Uploaded { contract: Contract; document: ContractDocument; repeated: boolean }

export interface Spot { start: number; end: number; page?: number; clause?: string }
export interface ClauseKind { category: string; label: string; question: string; found: number; confidence: string }
export interface ClauseFound { category: string; label: string; confidence: string; verification: string; passage: Passage }
export interface ClausePage { document_id: string; extractor?: string; read_at?: string; categories: List<ClauseKind>; items: List<ClauseFound>; next?: string }
export interface Definition { term: string; at: Spot; meaning: string; means: Spot; used: number; uses: List<Spot> }
export interface TextReference { text: string; at: Spot; number: string; external: boolean; target?: Spot; heading?: string }
export interface Signature { start: number; end: number; party?: string; by?: string; name?: string; title?: string; date?: string; signed: boolean; page?: number; clause?: string }
export interface ClauseCount { category: string; label: string; question: string; with: number; without: number }

export type Side = 'ours' | 'theirs' | 'unknown' | '';
export interface Duty {
  id: string; business_unit: string; contract_id: string; family_id: string; contract_title: string; inherited_contract_title?: string; check_in_due: string; check_in_state: string; contract_number: string; customer: string; key: string; kind: string; title: string; bearer: string; beneficiary: string;
  side: string; owner: string; own_owner: string; deliverable: string; frequency: string; starts_on: string; ends_on: string; document_id: string; occurrence_id: string; subject: string; status: string; due_at?: string; due_on: string;
  due_order: string; revision: number; assessment?: Assessment; open: number; unknown_owner?: boolean; to_do?: List<{ finding_id: string; title: string; amount?: Amount }>;
}
export interface Planned { key: string; subject?: string; due_on: string; occurrence_id?: string; status?: string }
export interface PlannedDays { from: string; until: string; items: List<Planned>; next?: string; ends?: string }
export interface DueMonth { month: string; days: List<{ date: string; count: number; late: number }> }
export interface RenewalRow {
  id: string; contract_id: string; contract_title: string; contract_number: string; customer: string; owner: string; phase: string; auto_renewal?: boolean; total_value?: Amount; expiration_date: string; form: string; renewal_date: string;
  send_by: string; outlook_on: string; obligation_id: string; occurrence_id: string; status: string; notice: string; option?: boolean; days_left?: number; ends_on?: string; obligation_title?: string; clause?: Evidence[]; question?: string; without_notice?: string;
  decision?: { event_id: string; decision: string; on: string; actor_id?: string; reason?: string; note?: string; by: string };
  sent?: { days_late?: number; actor_id?: string; event_id: string; on: string; reference?: string; note?: string; by: string };
}
export interface ClaimStep { kind: string; at: string; by: string; on?: string; amount?: Amount; reference?: string; reason?: string; finding_version: number; approval_id?: string; held?: string; approved_by?: string }
export interface Claim { id: string; finding_id: string; state: string; claimed?: Amount; agreed?: Amount; settled?: Amount; reference?: string; steps: List<ClaimStep>; revision: number }
export interface ClaimRow { finding: Finding; contract_title: string; customer: string; side: string; claim?: Claim; days_left?: number }
export interface ClaimSum { state: string; side: string; count: number; amount?: Amount }
export interface EngineState {
  built_in: List<string>; provider?: string; language_model?: string; version: number; problem?: string; spent: { day: string; tokens: number; cost: string; currency: string; calls: number }; daily_tokens?: number; daily_cost?: string; budget_exhausted?: boolean; sends_pages?: boolean;
}
export interface Suggestion { key: string; extractor: string; decided: number; right: number; threshold?: string; at: number; right_at: number; accuracy: string; share: string; in_force: string; named?: boolean; why?: 'few' | 'wrong' }
export interface Score { subject: string; field: string; contract_type: string; extractor: string; decided: number; right: number; accuracy: string }
export interface Calibration { subject: string; field: string; extractor: string; decided: number; right: number; own: string; now: string; lift_from?: string; left_out?: number }
/** What `evaluate --compare` found, kept with the version it promoted. */
export interface Tally { samples: number; right: number; wrong: number; missing: number; false: number }
export interface Comparison { a: string; b: string; contracts: number; no_worse: boolean; regressions?: string[] | null; not_compared?: string[] | null; cells?: { subject?: string; field: string; type: string; a: Tally; b: Tally }[] | null }

export interface Verdict { status?: string; amount?: Amount; amount_state?: string }
export interface Deviation { obligation: string; kind: string; key: string; subject?: string; registered?: Verdict; changed?: Verdict; delta?: Amount }
export interface BacktestQuestion { obligation: string; occurrence?: string; ambiguity: Ambiguity }
export interface BacktestResult {
  obligation: string; kind: string; key: string; subject?: string; period: { start: string; end?: string }; assessment: Assessment; due_on?: string; claim?: { state: string; by: string };
  corrections?: { at: string; reason: string; before: Verdict; after: Verdict; delta?: Amount }[];
}
export interface Backtest {
  as_of: string; occurrences: List<BacktestResult>; questions?: BacktestQuestion[]; not_judged?: string[]; totals?: { obligation: string; amount: Amount }[]; next?: { at: string; obligation: string; occurrence: string }[];
  unused?: UnusedEvent[]; unlikely?: UnlikelyEvent[];
}
export interface UnusedEvent { event_id: string; external_id?: string; kind: string; subject?: string; on: string; why: string; message: string; meant?: string }
export interface PassedOn { obligation: string; title: string; contract_id: string; contract: string; own?: boolean }
export interface UnlikelyEvent { event_id: string; external_id: string; field: string; message: string }
export interface Replayed { report: Backtest; differences: List<Deviation>; events: number; unused: number; passed: List<PassedOn> }

export interface EventKind { kind: string; title: string; subject: string; fields: List<{ path: string; type: string; required?: boolean; line?: boolean }>; needs: List<string>; for: List<string> }
export interface EventMapping { kind?: string; columns: List<{ column: string; field: string }>; fixed?: { field: string; value: string }[]; delimiter?: string; dates?: string; decimal?: string; zone?: string }
export interface RejectedLine { line: number; text: string; problems: List<string> }
export interface EventImport {
  id: string; business_unit: string; name: string; mapping: EventMapping; lines: number; events: number; new: number; repeated: number; unmatched: number; rejected: number; rejections?: RejectedLine[]; by: string; created_at: string;
}
export interface PreviewEvent { line: number; event: PactEvent; contract_id?: string; matched_by: string; repeated?: boolean }
export interface EventWarning { line: number; external_id: string; field?: string; message: string; suggestion?: string; waits?: boolean }
export interface ImportedTable { import: EventImport; warnings: List<EventWarning>; columns: List<{ column: string; samples: List<string>; suggested?: string; fields?: string[] }>; preview: List<PreviewEvent>; dry_run: boolean }
