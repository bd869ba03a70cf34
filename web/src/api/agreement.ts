/**
 * The agreement between the nouns used here and the server's description (schema.d.ts, made by `npm run generate`): a
 * member that is read here and that the server does not have fails the type check. Nothing of this file runs.
 */
import type { components } from './schema';
import type * as t from './types';

type Server = components['schemas'];
/** Members of ours that the server does not know; never where both agree. */
type Unknown<Ours, Name extends keyof Server> = Exclude<keyof Ours, keyof Server[Name]>;

type Differences = {
  contract: Unknown<t.Contract, 'Contract'>; document: Unknown<t.ContractDocument, 'Document'>; candidate: Unknown<t.Candidate, 'Candidate'>; review: Unknown<t.Review, 'Review'>;
  decision: Unknown<t.Decision, 'Decision'>; value: Unknown<t.Value, 'Value'>; payment: Unknown<t.PaymentTerms, 'PaymentTerms'>; tier: Unknown<t.Tier, 'Tier'>; cap: Unknown<t.Cap, 'Cap'>; party: Unknown<t.Party, 'Party'>;
  passage: Unknown<t.Passage, 'Passage'>; place: Unknown<t.Place, 'Place'>; obligation: Unknown<t.Obligation, 'Obligation'>; occurrence: Unknown<t.Occurrence, 'Occurrence'>; assessment: Unknown<t.Assessment, 'Assessment'>;
  term: Unknown<t.Term, 'Term'>; spec: Unknown<t.TermSpec, 'TermSpec'>; version: Unknown<t.Version, 'Version'>; event: Unknown<t.PactEvent, 'Event'>; finding: Unknown<t.Finding, 'Finding'>; correction: Unknown<t.Correction, 'Correction'>;
  approval: Unknown<t.Approval, 'Approval'>; notification: Unknown<t.Notification, 'Notification'>; action: Unknown<t.Action, 'Action'>; receipt: Unknown<t.Receipt, 'Receipt'>; connection: Unknown<t.Connection, 'Connection'>;
  health: Unknown<t.Health, 'Health'>; stream: Unknown<t.StreamState, 'StreamState'>; delivery: Unknown<t.Delivery, 'Delivery'>; link: Unknown<t.Link, 'Link'>; option: Unknown<t.LinkOption, 'LinkOption'>; policy: Unknown<t.Policy, 'Policy'>;
  mapping: Unknown<t.Mapping, 'Mapping'>; field: Unknown<t.FieldMapping, 'FieldMapping'>; reading: Unknown<t.Reading, 'DocumentReading'>; block: Unknown<t.Block, 'Block'>; entry: Unknown<t.AuditEntry, 'Entry'>; change: Unknown<t.AuditChange, 'Change'>;
  report: Unknown<t.AuditReport, 'Report'>; session: Unknown<t.Session, 'Whoami'>; user: Unknown<t.User, 'User'>; key: Unknown<t.ApiKey, 'APIKey'>; setting: Unknown<t.Setting, 'SettingView'>; connector: Unknown<t.Connector, 'ConnectorView'>;
  clauses: Unknown<t.ClausePage, 'ClausePage'>; clause: Unknown<t.ClauseFound, 'ClauseView'>; clauseKind: Unknown<t.ClauseKind, 'ClauseKind'>; definition: Unknown<t.Definition, 'DefinitionView'>; reference: Unknown<t.TextReference, 'ReferenceView'>; spot: Unknown<t.Spot, 'Spot'>;
  signature: Unknown<t.Signature, 'SignatureView'>; clauseCount: Unknown<t.ClauseCount, 'ClauseCount'>;
  overview: Unknown<t.Overview, 'Overview'>; row: Unknown<t.ReviewRow, 'ReviewRow'>; bench: Unknown<t.ReviewDetail, 'ReviewPage'>; rules: Unknown<t.PolicyInfo, 'ReviewPolicy'>; inForce: Unknown<t.InForce, 'InForce'>;
  contractPage: Unknown<t.ContractDetail, 'ContractPage'>; duty: Unknown<t.ObligationRow, 'ObligationView'>; moment: Unknown<t.TimelineItem, 'Moment'>; findingRow: Unknown<t.FindingRow, 'FindingRow'>; findingPage: Unknown<t.FindingDetail, 'FindingPage'>;
  approvalRow: Unknown<t.ApprovalRow, 'ApprovalRow'>; connectionRow: Unknown<t.ConnectionRow, 'ConnectionView'>; dryRun: Unknown<t.DryRun, 'DryRun'>; uploaded: Unknown<t.Uploaded, 'Uploaded'>;
  eventKind: Unknown<t.EventKind, 'EventKindView'>; eventMapping: Unknown<t.EventMapping, 'EventMapping'>; eventImport: Unknown<t.EventImport, 'EventImport'>; importedTable: Unknown<t.ImportedTable, 'ImportedTable'>; rejectedLine: Unknown<t.RejectedLine, 'RejectedLine'>; eventWarning: Unknown<t.EventWarning, 'EventWarning'>;
  replayed: Unknown<t.Replayed, 'Replayed'>; evaluation: Unknown<t.Backtest, 'Evaluation'>; replayedResult: Unknown<t.BacktestResult, 'Result'>; deviation: Unknown<t.Deviation, 'Deviation'>; verdict: Unknown<t.Verdict, 'Verdict'>; passedOn: Unknown<t.PassedOn, 'PassedOn'>; unusedEvent: Unknown<t.UnusedEvent, 'Unused'>;
  cascade: Unknown<t.Cascade, 'Cascade'>; reached: Unknown<t.Reached, 'Reached'>; plan: Unknown<t.CheckInPlan, 'CheckInPlan'>; checkIn: Unknown<t.CheckIn, 'CheckIn'>; performed: Unknown<t.Performed, 'Performed'>; checkInMail: Unknown<t.CheckInMail, 'CheckInMail'>; openQuestion: Unknown<t.OpenQuestion, 'OpenQuestion'>;
};

/** Compiles only while no noun differs. */
export type Agreed = Differences[keyof Differences] extends never ? true : { unknown_to_the_server: Differences };
export const agreed: Agreed = true;
