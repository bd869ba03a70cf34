import { Button, Modal, Switch } from '@mantine/core';
import type { Candidate } from '../api/types';
import { Confidence, ValueView } from '../components/Evidence';
import { StateBadge } from '../components/Glyph';
import { useNames } from '../lib/people';
import { valueText } from '../lib/value';
import { m } from '../messages';
import { labelOf, readingOf, type Conflict } from './useDesk';

const w = m.workbench;
const closing = { 'aria-label': m.common.close };

export function BulkDialog({ list, opened, onClose, onAccept, busy }: { list: Candidate[]; opened: boolean; onClose: () => void; onAccept: () => void; busy: boolean }) {
  return (
    <Modal opened={opened} onClose={onClose} title={w.bulkTitle} size="lg" closeButtonProps={closing}>
      <p style={{ marginTop: 0 }}>{list.length ? w.bulkText(list.length) : w.status.noConfident}</p>
      <table className="table">
        <tbody>
          {list.map((c) => <tr key={c.id}><td className="strong">{labelOf(c)}</td><td>{valueText(c.value) || c.obligation?.title}</td><td><Confidence share={c.confidence} /></td></tr>)}
        </tbody>
      </table>
      <div className="row" style={{ marginTop: 16 }}>
        <Button onClick={onAccept} loading={busy} disabled={list.length === 0} data-autofocus>{w.confident(list.length)}</Button>
        <Button variant="default" onClick={onClose}>{m.common.cancel}</Button>
      </div>
    </Modal>
  );
}

/** Two people decided on one value: both readings stand side by side, and nothing is lost. */
export function ConflictDialog({ conflict, onClose, onApply }: { conflict: Conflict | undefined; onClose: () => void; onApply: (conflict: Conflict) => void }) {
  const nameOf = useNames();
  if (!conflict) return null;
  const { choice, mine, theirs, detail } = conflict;
  const rival = choice.rival === undefined ? undefined : mine.rivals?.[choice.rival];
  const mineState = choice.kind === 'correct' || rival ? 'corrected' : choice.kind === 'reject' ? 'rejected' : choice.kind === 'restore' ? 'open' : 'accepted';
  const mineValue = choice.value ?? rival?.value ?? mine.value;
  const theirReading = readingOf(theirs);
  return (
    <Modal opened onClose={onClose} title={w.conflictTitle} size="lg" closeButtonProps={closing}>
      <p style={{ marginTop: 0 }}>{detail}</p>
      <h3>{labelOf(theirs)}</h3>
      <div className="versus">
        <div className="choosable stack tight">
          <span className="small strong">{w.theirs}</span>
          <StateBadge domain="candidate" state={theirs.state} />
          <ValueView value={theirReading.value} />{theirReading.obligation?.title}
          {theirs.decided_by && <span className="small dim">{w.decided(nameOf(theirs.decided_by))}</span>}
        </div>
        <div className="choosable stack tight">
          <span className="small strong">{w.mine}</span>
          <StateBadge domain="candidate" state={mineState} />
          <ValueView value={mineValue} />{(choice.obligation ?? (choice.value ? undefined : mine.obligation))?.title}
        </div>
      </div>
      <div className="row" style={{ marginTop: 16 }}>
        <Button onClick={onClose} data-autofocus>{w.keepTheirs}</Button>
        <Button variant="default" onClick={() => onApply(conflict)}>{w.applyMine}</Button>
      </div>
    </Modal>
  );
}

export function KeysDialog({ opened, onClose, on, onToggle }: { opened: boolean; onClose: () => void; on: boolean; onToggle: (on: boolean) => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={w.keysTitle} closeButtonProps={closing}>
      <p className="dim" style={{ marginTop: 0 }}>{w.keysText}</p>
      <Switch label={w.keysOn} checked={on} onChange={(e) => onToggle(e.currentTarget.checked)} mb="md" />
      <dl className="facts">
        {w.keys.map(([keys, does]) => [<dt key={keys}>{keys.split(' ').map((k) => <kbd key={k} style={{ marginRight: 3 }}>{k}</kbd>)}</dt>, <dd key={does}>{does}</dd>])}
      </dl>
    </Modal>
  );
}
