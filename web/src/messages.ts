/** Every sentence the UI says, in one place. Words follow the product's list of names. */
import { plural } from './lib/format';

export const m = {
  app: {
    name: 'Pactloop', skip: 'Skip to content', navigation: 'Main navigation', menu: 'Menu', jump: 'Search or jump', signOut: 'Sign out', role: 'Role',
    live: { connecting: 'Connecting', live: 'Live', lost: 'Reconnecting' }, theme: 'Colour theme', themes: { auto: 'Follow the system', light: 'Light', dark: 'Dark' },
    groups: { work: 'Work', performance: 'Performance', library: 'Library', admin: 'Admin' },
    nav: { overview: 'Overview', reviews: 'Review', findings: 'Findings', contracts: 'Contracts', connections: 'Connections', audit: 'Audit log', settings: 'Settings' },
    missing: 'This page does not exist', missingText: 'The address may be old, or the thing it named is outside your business units.', home: 'Go to the overview',
    asOf: (time: string) => `As of ${time}`, movedClock: 'The server’s clock is moved by the demo',
  },
  common: {
    retry: 'Try again', cancel: 'Cancel', save: 'Save', close: 'Close', back: 'Back', open: 'Open', all: 'All', none: 'None', more: 'Load more', clear: 'Clear filters', search: 'Search',
    add: 'Add', remove: 'Remove', reason: 'Reason', reasonNeeded: 'Say why; it goes into the audit log.', state: 'State', loading: 'Loading', request: 'Request', failed: 'That did not work',
    copied: 'Copied', copy: 'Copy', yes: 'Yes', no: 'No', unknown: 'Unknown', details: 'Details', nothingMatches: 'Nothing matches these filters', nothingMatchesText: 'Change a filter, or clear them all.',
    shown: (n: number) => `${n} shown`, unsaved: 'Not saved', page: (n: number) => `page ${n}`, clause: (n: string) => `clause ${n}`, until: (d: string) => `until ${d}`, from: (d: string) => `from ${d}`,
  },
  signIn: {
    title: 'Sign in to Pactloop', text: 'Signed contracts, compared with what really happens.', email: 'E-mail', password: 'Password', submit: 'Sign in',
    first: 'On first start the server prints the administrator’s e-mail and password in its terminal.', tooMany: 'Too many tries. Wait a minute, then try again.',
  },
  overview: {
    title: 'Overview', question: 'What needs attention today, and is it getting better?',
    cards: {
      reviews: 'Reviews waiting', reviewsNote: (n: number) => (n ? `${n} due or late` : 'none is due'), breached: 'Breaches open', breachedNote: (n: number) => `${n} more at risk`,
      approvals: 'Approvals waiting', approvalsNote: 'money that waits for four eyes', contracts: 'Contracts', contractsNote: (n: number) => (n ? `${plural(n, 'document')} stuck` : 'every document was read'),
      failed: 'Writes to look at', failedNote: (n: number) => (n ? `${plural(n, 'link')} to confirm` : 'no link to confirm'),
    },
    attention: 'Needs attention', attentionEmpty: 'Nothing needs you', attentionEmptyText: 'New reviews, findings and failed writes appear here by themselves.',
    sla: 'Service levels by day', slaNote: 'occurrences that ended or stand at risk, last 35 days', slaEmpty: 'No clock has ended yet', slaEmptyText: 'Connect a ticket system, and commitments are measured here.',
    chart: 'Chart', table: 'Table', day: 'Day', met: 'Met', atRisk: 'At risk', breachedWord: 'Breached', slaSentence: (met: number, total: number) => `${met} of ${total} commitments met in this period`,
    notices: 'Notice windows', noticesNote: 'renewals within 180 days, by the last safe day to send notice', noticesEmpty: 'No notice window in the next 180 days', sendBy: 'Send by', renews: 'Renews',
    daysLeft: (n: number) => (n < 0 ? `${plural(-n, 'day')} ago` : n === 0 ? 'today' : `${plural(n, 'day')} left`), autoRenews: 'renews by itself', notAuto: 'ends unless renewed',
    credits: 'Credits', creditsNote: 'owed because of findings', creditsEmpty: 'No credit is owed', connections: 'Connections', connectionsEmpty: 'No connection yet', connect: 'Set up a connection',
    lastOk: (when: string) => `last good answer ${when}`, neverOk: 'no good answer yet', count: 'Count', amount: 'Amount',
    welcome: 'No contract yet', welcomeText: 'Connect a contract system, or upload a file to see what is read from it.', upload: 'Upload a contract',
  },
  reviews: {
    title: 'Review', question: 'What is waiting for a person, and what is about to be late?', takeNext: 'Take next', takeNextNone: 'Nothing is waiting', contract: 'Contract', type: 'Type', open: 'Open', lowest: 'Lowest',
    due: 'Due', assignee: 'Assignee', unassigned: 'nobody', late: 'late', empty: 'Nothing waits for a review', emptyText: 'Contracts come here when a value is below the threshold, costly, or not verified.',
    searchLabel: 'Search in reviews', ofTotal: (open: number, total: number) => `${open} of ${total}`, reasons: 'Why',
  },
  contracts: {
    title: 'Contracts', question: 'Find a contract, and see what is in force.', search: 'Title, number or customer', customer: 'Customer', number: 'Number', expires: 'Expires', value: 'Total value', sendBy: 'Notice by',
    version: (n: number) => (n ? `version ${n}` : 'not published'), empty: 'No contract yet', emptyText: 'Upload a file here, or set up a connection to your contract system.', upload: 'Upload',
    uploadTitle: 'Upload a contract', uploadText: 'Drop PDF, DOCX or text files here, or choose them. Each file becomes a contract; the same file twice stays one.', choose: 'Choose files', unit: 'Business unit',
    uploading: 'Sending', uploaded: 'Received, being read', repeated: 'Already here', openContract: 'Open contract', type: 'Type', state: 'State', added: 'Added',
  },
  contract: {
    tabs: { terms: 'Terms', family: 'Family', obligations: 'Obligations', findings: 'Findings', timeline: 'Timeline', documents: 'Documents', audit: 'Audit' },
    openReview: 'Open review', phase: 'Phase', source: 'Source', upload: 'Upload', owner: 'Owner', facts: 'What the source says', factsNote: 'unreviewed', links: 'Linked records', family: 'Family', term: 'Term', value: 'Value', why: 'Evidence', decided: 'Decided by',
    confidence: 'Confidence', extractor: 'Extractor', notPublished: 'No version is published yet', notPublishedText: 'Terms appear here when the review is finished.', inForce: 'In force', versionNote: (n: number, by: string, at: string) => `Version ${n}, published by ${by} on ${at}`,
    superseded: 'superseded', governedBy: 'governed by', noFamily: 'This contract stands alone', noFamilyText: 'Amendments, orders and statements of work appear here when they name this contract as their parent.', thisOne: 'this contract',
    noObligations: 'No obligation is published', noObligationsText: 'Obligations appear here when a review that holds them is finished.', occurrences: 'Occurrences', noOccurrences: 'Nothing has fallen due yet.', bearer: 'Owed by', beneficiary: 'Owed to', params: 'Parameters',
    due: 'Due', elapsed: 'Elapsed', measured: 'Measured', noTimeline: 'Nothing has happened yet', noDocuments: 'No document yet', noDocumentsText: 'The source has not delivered a file.', retryReading: 'Read again', openFile: 'Open file', pages: (n: number) => plural(n, 'page'),
    noAudit: 'No entry for this contract', noFindings: 'No finding for this contract', noFindingsText: 'Breaches and risks appear here when reality leaves the contract.', linksEmpty: 'Not linked to other systems yet.', derived: 'Derived', person: 'Person', noEvidence: 'no passage', types: 'Type',
  },
  findings: {
    title: 'Findings', question: 'Which commitments were missed or are at risk, and what money follows?', list: 'Findings', approvals: 'Approvals', finding: 'Finding', amount: 'Amount', claimBy: 'Claim by', when: 'When', severity: 'Severity', credit: 'Credit',
    empty: 'No finding', emptyText: 'When a clock runs out or a level is missed, it appears here with its clause and its computation.', approvalsEmpty: 'No approval waits', approvalsEmptyText: 'Credits above the limit wait here for an approver who did not review the contract.', limit: 'Limit', search: 'Ticket, customer or contract',
  },
  finding: {
    clause: 'Clause', trace: 'How it was computed', rule: 'Step', inputs: 'From', result: 'Result', events: 'Events', event: 'Event', at: 'At', reported: 'Reported', amount: 'Amount', claimBy: 'Claim by', lead: 'Lead', elapsed: 'Counted time', target: 'Target', percent: 'Of the target', corrections: 'Corrections',
    correction: (reason: string, when: string) => `${capitalised(reason)}, known since ${when}`, delta: 'Difference', was: 'Earlier', actions: 'Writes to other systems', notifications: 'Messages', noActions: 'Nothing was written.', noNotifications: 'Nobody was written to.', noTrace: 'No step was recorded.', noEvents: 'No event.', confirm: 'Confirm', waive: 'Waive', close: 'Close finding', decideTitle: (what: string) => `${what} this finding`,
    approve: 'Approve credit', refuse: 'Refuse credit', approvalNote: (limit: string) => `Above the limit of ${limit}: an approver who did not review this contract decides.`, approvalTitle: 'Credit approval', excluded: 'Excluded from approving', contract: 'Contract', obligation: 'Obligation', ticket: 'Ticket', excusedBy: (why: string) => `excluded: ${why}`, replaced: 'replaced by a later report', noClause: 'The obligation carries no passage.', measured: 'Measured', ambiguities: 'Left open by the text', bydecided: (who: string, when: string) => `${who}, ${when}`,
  },
  connections: {
    title: 'Connections', question: 'Are the other systems answering, and did every write arrive?', add: 'New connection', health: 'Health', links: 'Links to confirm', empty: 'No connection yet', emptyText: 'Connect a contract system, a CRM or a ticket system. Nothing is written before you allow it.', lastSync: 'Last read', records: (n: number) => plural(n, 'record'), check: 'Check now', sync: 'Read now', edit: 'Edit', streams: 'Streams', noStreams: 'Nothing is read from here.', webhook: 'Webhook address',
    allow: 'May reach internal addresses', allowText: 'This connection is allowed to reach hosts that are otherwise refused as internal:', disabled: 'Switched off', tabs: { overview: 'Streams', actions: 'Writes', dry: 'Dry run', deliveries: 'Webhooks', mapping: 'Mapping', settings: 'Settings' }, actionsEmpty: 'No write', actionsEmptyText: 'Writes appear here when a review is finished or a finding opens.', replay: 'Try again', replayed: 'Queued again', attempts: 'Tries', next: 'Next try', target: 'Target', fields: 'Fields', what: 'What',
    dryTitle: 'What would be written', dryText: 'Choose a contract. The other system is read, nothing is written.', dryRun: 'Run', dryContract: 'Contract', before: 'There now', after: 'Would become', same: 'unchanged', dryEmpty: 'Nothing would be written', field: 'Field', term: 'Term', convert: 'Conversion', risk: 'Risk', source: 'Copy to', conflict: 'On conflict', problems: 'Problems', noProblems: 'Every field was found in the other system.', mappingNote: 'Read only: the mapping is a file.', mappingEmpty: 'No mapping', deliveriesEmpty: 'No webhook yet', repeats: (n: number) => (n ? `came ${n} more ${n === 1 ? 'time' : 'times'}` : ''), received: 'Received', eventKey: 'Event id', body: 'Body',
    checked: 'Checked', synced: 'Reading started', name: 'Name', connector: 'System', secretSet: 'Set. Leave empty to keep it.', enabled: 'Switched on', allowHosts: 'Allowed internal hosts', allowHelp: 'Empty refuses every internal address. One host per line; only for systems inside your own network.', created: 'Connection saved', guide: 'How to set it up there', linksEmpty: 'No link waits', linksEmptyText: 'When a customer matches several records of another system, a person chooses here.', choose: 'This one', score: 'Match', why: 'Why', noOptions: 'No candidate was found. Create the record there, then read again.', failures: (n: number) => plural(n, 'failure'), writes: 'Writes',
  },
  audit: {
    title: 'Audit log', question: 'Who did what, when, from what to what?', verify: 'Verify the chain', verified: (n: number, u: number) => `All ${n.toLocaleString('en-US')} entries hold; ${u} not sealed yet.`, broken: (id: string, why: string) => `The chain does not hold: ${why} at ${id}.`, actor: 'Actor', act: 'Act', subject: 'Subject', at: 'At', position: 'No.', unsealed: 'open', empty: 'No entry', emptyText: 'Every change, decision and write leaves an entry here.', entry: 'Entry', field: 'Field', before: 'Before', after: 'After', notes: 'Notes', correlation: 'Correlation', mac: 'MAC', seal: 'Seal', noChanges: 'This entry changed no row.',
  },
  settings: {
    title: 'Settings', question: 'Who may do what, and which policy is in force?', people: 'People', keys: 'API keys', policies: 'Policies', addPerson: 'Add a person', addKey: 'New key', name: 'Name', email: 'E-mail', role: 'Role', units: 'Business units', unitsHelp: 'Separate with commas. * is all.', password: 'First password', passwordHelp: 'At least 12 characters.', disabled: 'Disabled', active: 'Active', disable: 'Disable', enable: 'Enable', hint: 'Begins with', lastUsed: 'Last used', never: 'never', revoke: 'Revoke', revoked: 'Revoked',
    keyOnce: 'Copy the key now', keyOnceText: 'It is shown this one time; only its hash is kept.', newVersion: 'New version', note: 'Why this version', noteNeeded: 'Say why; it is shown wherever the policy applies.', version: 'Version', inForce: 'In force', body: 'Policy (JSON)', badJson: 'This is not valid JSON.', kinds: { review: 'Review policy', approval: 'Approval policy' } as Record<string, string>, created: 'Created', by: 'By', history: 'Other versions', proposed: 'Waits for a second administrator', proposedText: 'It takes effect when another administrator than the one who proposed it confirms it.', mine: 'You proposed it: another administrator confirms it.', confirm: 'Confirm', refuse: 'Refuse', takeBack: 'Take back', policyStates: { proposed: 'proposed', active: 'in force', replaced: 'replaced', refused: 'refused' } as Record<string, string>, adminOnly: 'Only an administrator can change this.', noKeys: 'No key yet', noKeysText: 'A key lets a machine in with a role and a scope of its own.', revokeText: (name: string) => `Revoke ${name}? Whoever uses it is refused from now on.`, editPerson: 'Edit person',
  },
  command: { placeholder: 'Go to a page, contract, review or finding', nothing: 'Nothing found', pages: 'Pages', contracts: 'Contracts', reviews: 'Reviews', actions: 'Actions', theme: 'Switch between light and dark' },
  toast: { dismiss: 'Dismiss' },
  workbench: {
    document: 'Document', panel: 'Values to review', filters: { needs: 'Needs you', all: 'All', missing: 'Missing', done: 'Done' }, filter: 'Show', confident: (n: number) => `Accept ${n} confident`, progress: (done: number, total: number) => `${done} of ${total} decided`,
    finish: 'Finish', finished: 'Review finished: the version is published, writes start now.', finishOpen: (n: number) => `${plural(n, 'value')} still open`, readOnly: 'Only a reviewer can decide here.', closed: (state: string) => `This review is ${state}; its decisions stand.`,
    accept: 'Accept', correct: 'Correct', reject: 'Reject', restore: 'Restore', use: 'Use as evidence', take: 'Take this reading', show: 'show in document', why: 'Why a person must look', rival: 'Another reading', ambiguity: 'The text leaves a question open', keepWith: 'Keep the value with this reading', evidence: 'Evidence', noEvidence: 'No passage says it. Select text in the document to add one, or reject it as absent.', derivedBy: 'Derived', decided: (who: string) => `Decided by ${who}`, machineSaid: 'The machine read', extractor: (name: string) => `Read by ${name}`, absent: 'Not found',
    evidenceOf: (at: number, of: number) => `evidence ${at} of ${of}`, newEvidence: 'New evidence', dropEvidence: 'Drop', chooseField: 'Open a value first', selected: 'Selected', value: 'Value', kind: 'Kind of value', note: 'Note (optional)', saveKeys: 'Enter saves, Esc cancels', incomplete: 'Fill in the value first.',
    reasonText: { low_confidence: 'The confidence is below the threshold', high_stakes: 'A wrong value here is costly, so a person always looks', first_obligations: 'One of the first obligations of this contract type and reader version', contract_value: 'The contract value is above the limit', unverified: 'The quote or the value could not be verified', ambiguous: 'The text leaves a question open', disagreement: 'Two readings disagree', document_warning: 'The document has a warning, such as open tracked changes', not_found: 'Required, and no passage says it' } as Record<string, string>,
    rejectWhy: 'Why is it wrong?', rejectReasons: ['Not in this document', 'Wrong passage', 'Wrong value', 'Does not apply', 'Duplicate of another'], status: { accepted: (l: string) => `${l} accepted. U takes it back.`, corrected: (l: string) => `${l} corrected. U takes it back.`, rejected: (l: string) => `${l} rejected. U takes it back.`, restored: (n: number) => `${plural(n, 'decision')} taken back.`, bulk: (n: number) => `${plural(n, 'value')} accepted together. U takes all back.`, nothingToUndo: 'Nothing to take back.', ambiguous: (l: string) => `${l} is ambiguous: choose a reading, or correct it.`, missing: (l: string) => `${l} was not found: correct it with a value, or reject it as absent.`, none: 'No value here. Choose another filter.', noConfident: 'No open value passes every gate.' },
    bulkTitle: 'Accept what passes every gate', bulkText: (n: number) => `${plural(n, 'value')} at or above the threshold, verified, and without a reason to look:`, conflictTitle: 'Somebody decided this meanwhile', theirs: 'Theirs', mine: 'Yours', keepTheirs: 'Keep theirs', applyMine: 'Decide mine again', pages: (at: number, of: number) => `${at} / ${of}`, page: 'Page', zoomIn: 'Zoom in', zoomOut: 'Zoom out', fit: 'Fit width', find: 'Find in document', findNext: 'Next hit', hits: (at: number, of: number) => (of ? `${at} of ${of}` : 'no hit'), divider: 'Width of the document; arrow keys move it', noText: 'This document could not be shown', inserted: 'inserted', deleted: 'deleted', tracked: 'Open tracked changes are shown: inserted text underlined, deleted text struck.', openFile: 'Open the file', phase: 'Phase', policy: (v: number) => `policy version ${v}`, table: (n: number) => `Table ${n}`,
    assignMe: 'Assign to me', assignedTo: (who: string) => `Assigned to ${who}`, keysTitle: 'Keys', keysOn: 'Single keys are on', keysText: 'Single keys work while the list of values has the focus.', fixJson: 'This is not valid JSON.', params: 'Parameters (JSON)', obligationTitle: 'Title', bearer: 'Owed by', beneficiary: 'Owed to', addParty: 'Add a party', addTier: 'Add a tier', add: 'Add', name: 'Name', role: 'Role', amount: 'Amount', currency: 'Currency', number: 'Number', unit: 'Unit', netDays: 'Net days', basis: 'Counted from', discount: 'Discount %', within: 'within days', from: 'From %', below: 'Below %', credit: 'Credit %', multiple: 'Multiple of fees', words: 'In words', date: 'Date', percent: 'Percent', yesNo: 'Yes or no', text: 'Text',
    keys: [['J K', 'next, previous value'], ['A', 'accept, go on'], ['E', 'correct'], ['R', 'reject, then 1–5 for why'], ['1 2', 'take another reading'], ['U', 'take back the last decision'], ['G', 'show the evidence'], ['] [', 'next, previous evidence'], ['Shift A', 'accept all confident'], ['Ctrl Enter', 'finish the review'], ['?', 'this list']] as [string, string][],
  },
} as const;

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
