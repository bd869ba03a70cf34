import { Button, SegmentedControl } from '@mantine/core';
import { useCallback, useEffect, useRef, type KeyboardEvent } from 'react';
import type { Evidence, ReviewDetail } from '../api/types';
import { Empty } from '../components/States';
import { plural } from '../lib/format';
import { m } from '../messages';
import { Row, type Mode } from './Row';
import { passagesOf } from './target';
import { isOpen, type Choice, type Desk, type Filter } from './useDesk';

interface Props {
  desk: Desk; detail: ReviewDetail; may: boolean; mode: Mode; onMode: (mode: Mode) => void; evidence: Evidence | undefined; onDropEvidence: () => void;
  at: number; onAt: (at: number) => void; onShow: () => void; onBulk: () => void; confident: number; keysOn: boolean; onHelp: () => void; onDecide: (choice: Choice) => void;
}

const w = m.workbench;

/** The values beside the document. Single keys act only while the focus is in here, and can be turned off. */
export function ReviewPanel(props: Props) {
  const { desk, detail, may, mode, onMode, at, onAt, onShow, confident, keysOn, onDecide } = props;
  const root = useRef<HTMLElement>(null);
  const { current } = desk;
  const currentID = current?.id;

  // The focus follows the value under the hand, unless the reader is busy elsewhere.
  const focus = useCallback(() => {
    const element = document.activeElement;
    const elsewhere = element && element !== document.body && !root.current?.contains(element);
    if (!elsewhere && currentID) {
      const head = root.current?.querySelector<HTMLElement>(`[data-cand="${currentID}"]`);
      head?.focus({ preventScroll: true });
      head?.scrollIntoView?.({ block: 'nearest' });
    }
  }, [currentID]);
  useEffect(() => { if (mode !== 'edit') focus(); }, [focus, mode]);

  const letter = (key: string): boolean => {
    const count = passagesOf(current).length;
    switch (key) {
      case 'j': case 'ArrowDown': desk.move(1); return true;
      case 'k': case 'ArrowUp': desk.move(-1); return true;
      case 'g': onShow(); return true;
      case ']': if (count) onAt((at + 1) % count); return true;
      case '[': if (count) onAt((at - 1 + count) % count); return true;
      case '?': props.onHelp(); return true;
      default: return may && decideByKey(key);
    }
  };
  const decideByKey = (key: string): boolean => {
    if (!current) return false;
    if (mode === 'reject') {
      const reason = w.rejectReasons[Number(key) - 1];
      if (key === 'Escape') onMode('look');
      else if (reason) onDecide({ kind: 'reject', reason });
      else return false;
      return true;
    }
    switch (key) {
      case 'a': if (isOpen(current)) onDecide({ kind: 'accept' }); return true;
      case 'e': onMode('edit'); return true;
      case 'r': if (isOpen(current)) onMode('reject'); return true;
      case 'u': desk.takeBack(); return true;
      case '1': case '2': if (isOpen(current) && current.rivals?.[Number(key) - 1]) onDecide({ kind: 'accept', rival: Number(key) - 1 }); return true;
      default: return false;
    }
  };
  const onKey = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest('input, textarea, select, [contenteditable], [role="radiogroup"], [role="dialog"]') || event.altKey) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') { event.preventDefault(); if (may) desk.takeBack(); return; }
    if (event.ctrlKey || event.metaKey || !keysOn) return;
    if (event.shiftKey && event.key.toLowerCase() === 'a') { event.preventDefault(); if (may) props.onBulk(); return; }
    if (letter(event.key.length === 1 ? event.key.toLowerCase() : event.key)) event.preventDefault();
  };

  const filters = (['needs', 'all', 'missing', 'done'] as Filter[]).map((f) => ({ value: f, label: `${w.filters[f]} ${desk.counts[f]}` }));
  return (
    <section className="desk" ref={root} aria-label={w.panel} onKeyDown={onKey} tabIndex={-1}>
      <div className="desk-bar">
        <SegmentedControl size="xs" fullWidth aria-label={w.filter} data={filters} value={desk.filter} onChange={(f) => desk.setFilter(f as Filter)} />
        {may && confident > 0 && <Button size="xs" variant="light" fullWidth onClick={props.onBulk} rightSection={<kbd>⇧ A</kbd>} className="bulk">{w.confident(confident)}</Button>}
      </div>
      <ol className="cands" aria-label={`${w.panel}: ${plural(desk.rows.length, 'row')}`}>
        {desk.rows.map((c) => (
          <Row key={c.id} candidate={c} spec={detail.specs?.find((s) => s.name === c.name)} current={c.id === currentID} mode={c.id === currentID ? mode : 'look'} threshold={detail.policy.threshold} may={may}
            evidence={props.evidence} evidenceAt={at} onDropEvidence={props.onDropEvidence} onOpen={() => { desk.setCurrent(c.id); onMode('look'); }} onMode={onMode} onDecide={onDecide} onShow={(i) => { onAt(i); onShow(); }} />
        ))}
      </ol>
      {desk.rows.length === 0 && <Empty title={w.status.none} />}
    </section>
  );
}
