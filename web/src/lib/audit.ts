/** The acts of the audit trail in words. An act that is not listed is shown as its own words: nothing is hidden. */
import { capital, words } from './format';

const acts: Record<string, string> = {
  'action.replay': 'Put a write back in the queue', 'action.write': 'Wrote to another system', 'approval.approve': 'Approved a credit', 'approval.refuse': 'Refused a credit', 'connection.add': 'Set up a connection', 'connection.change': 'Changed a connection',
  'connection.check': 'Asked a connection whether it works', 'connection.sync': 'Began to read a connection', 'contract.phase': 'Changed the phase', 'contract.renew': 'Renewed a contract', 'contract.retitle': 'Gave a contract its title', 'contract.take': 'Took in a contract',
  'contract.tie': 'Tied a contract to its family', 'contract.upload': 'Uploaded a document', 'delivery.receive': 'Received a webhook', 'delivery.refuse': 'Refused a webhook', 'delivery.processed': 'Processed a webhook', 'delivery.failed': 'Could not process a webhook', 'delivery.replay': 'Processed a webhook again',
  'document.read': 'Read a document', 'document.extract': 'Kept what was read from a document', 'document.receive': 'Received a document', 'document.retry': 'Asked to read a document again', 'document.wait': 'Put a document off', 'event.match': 'Matched an event to a contract',
  'event.ignore': 'Set an event aside', 'event.restore': 'Took an event back', 'events.match': 'Looked for the contracts of events', 'events.take': 'Took in events', 'finding.respond': 'Told others of a finding', 'finding.open': 'Opened a finding', 'finding.confirm': 'Confirmed a finding', 'finding.waive': 'Waived a finding', 'finding.close': 'Closed a finding',
  'job.give_up': 'Gave a job up', 'key.add': 'Made an API key', 'key.revoke': 'Revoked an API key', 'key.use': 'Used an API key', 'link.confirm': 'Settled a link', 'link.match': 'Looked for a contract in another system', 'llm.spend': 'Asked a language model', 'mapping.apply': 'Applied a mapping', 'mapping.set': 'Replaced a mapping',
  'notification.send': 'Sent a message', 'occurrence.assess': 'Computed an obligation', 'occurrence.drop': 'Dropped what is no longer owed', 'policy.set': 'Made a policy version', 'policy.approve': 'Confirmed a policy', 'policy.refuse': 'Refused a policy', 'review.accept': 'Accepted a value', 'review.correct': 'Corrected a value',
  'review.reject': 'Rejected a value', 'review.restore': 'Took a decision back', 'review.add': 'Added a value', 'review.assign': 'Assigned a review', 'review.bulk_accept': 'Accepted the confident values', 'review.bulk_restore': 'Took decisions back', 'review.finish': 'Finished a review', 'review.flag': 'Marked a contract as under review', 'review.open': 'Opened a review',
  'question.answer': 'Answered a question of a contract', 'answer.approve': 'Approved an answer', 'answer.refuse': 'Refused an answer', 'answer.withdraw': 'Took back an answer', 'answer.foresee': 'Found that a waiting answer takes back other things', 'charge.record': 'Stated a charge', 'charge.correct': 'Corrected a charge', 'performance.answer': 'Said whether a duty was done', 'trigger.state': 'Said what started a duty', 'check_in.plan': 'Planned check-ins', 'check_in.record': 'Checked in on an obligation', 'check_in.watch': 'Looked after a check-in', 'finding.escalate': 'Escalated a finding', 'obligation.assign': 'Changed the owner of an obligation', 'obligation.cascade': 'Said what an obligation passes to', 'obligation.pass': 'Passed an obligation on', 'events.import': 'Brought a table of events', 'schedule.arm': 'Set the timers of a contract', 'session.begin': 'Signed in', 'session.end': 'Signed out', 'session.refuse': 'Was refused at the sign-in', 'stream.arm': 'Set when to read next', 'stream.fail': 'Could not read a stream', 'stream.read': 'Read a stream', 'user.add': 'Added a person', 'user.change': 'Changed a person', 'user.password': 'Changed the own password',
  'webhook.refused': 'Refused a webhook', 'writes.plan': 'Planned what to write',
};

export const actText = (act: string) => acts[act] ?? capital(words(act.replace('.', ': ')));

const writes: Record<string, string> = { upsert_by_key: 'Create or update', upsert_obligation: 'Create or update', update_fields: 'Update', update_record: 'Update', needs_review_flag: 'Mark of a review', add_comment: 'Comment' };

/** What a write does, with the name of what it is about where its fields carry one. */
export function writeText(action: { kind: string; fields?: Record<string, unknown> | null | undefined }): string {
  const name = ['Name', 'name', 'Subject'].map((f) => action.fields?.[f]).find((v) => typeof v === 'string' && v !== '');
  return [writes[action.kind] ?? capital(words(action.kind)), name].filter(Boolean).join(': ');
}

const kinds: Record<string, string> = {
  act: 'Write', apr: 'Approval', chk: 'Check-in', aud: 'Audit entry', can: 'Value', cnn: 'Connection', con: 'Contract', dec: 'Decision', dlv: 'Webhook', doc: 'Document', evt: 'Event', fnd: 'Finding', key: 'API key', lnk: 'Link', map: 'Mapping', ntf: 'Message', obl: 'Obligation', occ: 'Occurrence', pol: 'Policy', rev: 'Review', usr: 'Person', ver: 'Version', xtr: 'Reading',
};

/** What kind of thing an id names, in a word; "" where it is no id of ours. */
export const kindOfID = (id: string) => kinds[/^([a-z]{3})_/.exec(id)?.[1] ?? ''] ?? '';
