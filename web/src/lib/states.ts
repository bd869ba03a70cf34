/** Every state with its word, tone and icon: a state is never shown by colour alone. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'mute';
export type Glyph = 'check' | 'clock' | 'alert' | 'cross' | 'dot' | 'pause' | 'pencil' | 'question' | 'arrow' | 'lock' | 'eye' | 'minus';
export interface Look { label: string; tone: Tone; glyph: Glyph }

const look = (label: string, tone: Tone, glyph: Glyph): Look => ({ label, tone, glyph });

export const states = {
  contract: {
    received: look('Received', 'info', 'clock'), in_review: look('In review', 'warn', 'eye'), active: look('Active', 'ok', 'check'),
    stuck: look('Stuck', 'bad', 'alert'), ended: look('Ended', 'mute', 'minus'),
  },
  document: {
    received: look('Received', 'info', 'clock'), reading: look('Reading', 'info', 'clock'), read: look('Read', 'ok', 'check'), needs_ocr: look('Scan, needs OCR', 'warn', 'eye'),
    encrypted: look('Encrypted', 'warn', 'lock'), damaged: look('Damaged', 'bad', 'alert'), unsupported: look('Unsupported', 'warn', 'question'),
    rejected: look('Rejected', 'bad', 'cross'), quarantined: look('Quarantined', 'bad', 'lock'),
  },
  review: {
    waiting: look('Waiting', 'warn', 'clock'), in_review: look('In review', 'info', 'eye'), finished: look('Finished', 'ok', 'check'), superseded: look('Superseded', 'mute', 'minus'),
  },
  candidate: {
    open: look('Open', 'warn', 'dot'), accepted: look('Accepted', 'ok', 'check'), corrected: look('Corrected', 'info', 'pencil'), rejected: look('Rejected', 'mute', 'cross'),
    not_found: look('Not found', 'warn', 'question'), superseded: look('Superseded', 'mute', 'minus'), absent: look('Absent, confirmed', 'mute', 'check'),
  },
  finding: {
    open: look('Open', 'warn', 'dot'), confirmed: look('Confirmed', 'info', 'check'), corrected: look('Taken back', 'mute', 'pencil'), waived: look('Waived', 'mute', 'minus'), closed: look('Closed', 'mute', 'check'),
  },
  severity: { info: look('To do', 'info', 'arrow'), at_risk: look('At risk', 'warn', 'clock'), variance: look('Variance', 'warn', 'alert'), breach: look('Breach', 'bad', 'alert') },
  occurrence: {
    pending: look('Pending', 'mute', 'clock'), on_track: look('On track', 'info', 'arrow'), at_risk: look('At risk', 'warn', 'clock'), met: look('Met', 'ok', 'check'),
    breached: look('Breached', 'bad', 'alert'), excused: look('Excused', 'mute', 'minus'),
  },
  credit: {
    needs_charge: look('Needs charge', 'warn', 'question'), ambiguous: look('Ambiguous', 'warn', 'question'), waiting_approval: look('Waits for approval', 'warn', 'pause'),
    due: look('Due', 'info', 'arrow'), refused: look('Refused', 'mute', 'cross'), claimed: look('Claimed', 'info', 'arrow'), agreed: look('Agreed', 'ok', 'check'),
    settled: look('Settled', 'ok', 'check'), expired: look('Expired', 'bad', 'cross'),
  },
  duty: {
    pending: look('Pending', 'mute', 'clock'), on_track: look('On track', 'info', 'arrow'), at_risk: look('At risk', 'warn', 'clock'), met: look('Met', 'ok', 'check'), breached: look('Breached', 'bad', 'alert'), excused: look('Excused', 'mute', 'minus'),
    none: look('Nothing due yet', 'mute', 'minus'),
  },
  check_in_mail: { due: look('Due that day', 'warn', 'clock'), overdue: look('Overdue', 'bad', 'alert'), answered: look('Answered', 'ok', 'check'), dropped: look('Asked no more', 'mute', 'minus') },
  check_in: { on_track: look('On track', 'ok', 'check'), at_risk: look('At risk', 'warn', 'alert'), done: look('Done', 'mute', 'check'), missed: look('Check-in missed', 'bad', 'alert') },
  side: { ours: look('Ours', 'info', 'arrow'), theirs: look('Theirs', 'mute', 'eye'), unknown: look('Not known', 'warn', 'question') },
  notice: {
    open: look('To decide', 'info', 'clock'), sent: look('Notice sent', 'ok', 'check'), late: look('Deadline passed', 'bad', 'alert'), not_needed: look('No notice needed', 'mute', 'minus'), unknown: look('Deadline not known', 'warn', 'question'), any_time: look('Any time', 'mute', 'arrow'), will_renew: look('Will renew', 'ok', 'check'), will_end: look('Will end', 'mute', 'check'), negotiating: look('Renegotiating', 'info', 'pause'),
  },
  approval: { waiting: look('Waiting', 'warn', 'pause'), approved: look('Approved', 'ok', 'check'), refused: look('Refused', 'mute', 'cross'), withdrawn: look('Withdrawn', 'mute', 'minus') },
  health: { ok: look('Healthy', 'ok', 'check'), degraded: look('Degraded', 'warn', 'alert'), down: look('Down', 'bad', 'cross'), unknown: look('Not checked', 'mute', 'question') },
  action: {
    pending: look('Pending', 'info', 'clock'), done: look('Done', 'ok', 'check'), denied: look('Denied', 'bad', 'lock'), unmapped: look('Unmapped', 'warn', 'question'),
    invalid: look('Refused as invalid', 'bad', 'cross'), conflict: look('Conflict', 'warn', 'alert'), unavailable: look('Unavailable', 'bad', 'pause'),
    needs_check: look('Needs a check', 'warn', 'eye'), withdrawn: look('Withdrawn', 'mute', 'minus'),
  },
  delivery: { received: look('Received', 'info', 'clock'), processed: look('Processed', 'ok', 'check'), ignored: look('Ignored', 'mute', 'minus'), failed: look('Failed', 'bad', 'cross') },
  webhook: { registered: look('Registered', 'ok', 'check'), disabled: look('Switched off there', 'bad', 'pause'), missing: look('Not registered', 'warn', 'question'), unknown: look('Not known', 'mute', 'question') },
  link: { matched: look('Matched', 'ok', 'check'), ambiguous: look('Ambiguous', 'warn', 'question'), not_found: look('Not found', 'warn', 'question'), confirmed: look('Confirmed', 'ok', 'check') },
  notification: { pending: look('Pending', 'info', 'clock'), sent: look('Sent', 'ok', 'check'), possibly_sent: look('Possibly sent', 'warn', 'question'), failed: look('Failed', 'bad', 'cross') },
  verification: { verified: look('Verified', 'ok', 'check'), repaired: look('Verified, spacing repaired', 'ok', 'check'), unverified: look('Unverified', 'warn', 'alert'), quote_only: look('Quote found, value unverified', 'warn', 'alert') },
} satisfies Record<string, Record<string, Look>>;

export type Domain = keyof typeof states;

/** An unknown state is shown by its own name: a newer server must not break an older page. */
export function lookOf(domain: Domain, state: string | undefined): Look {
  const known = (states[domain] as Record<string, Look>)[state ?? ''];
  return known ?? look((state ?? '').replaceAll('_', ' ') || 'none', 'mute', 'dot');
}
