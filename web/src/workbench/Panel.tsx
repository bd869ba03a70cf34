import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useCallback, useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { Evidence, NearPassage, ReviewDetail, Searched } from '../api/types';
import { Empty } from '../components/States';
import { plural } from '../lib/format';
import { m } from '../messages';
import { AddForm, unread, type Draft } from './AddForm';
import { choicesOf, type Reading } from './choices';
import { Row, type Mode } from './Row';
import { another, isOpen, rejections, type Choice, type Desk, type Filter } from './useDesk';

interface Props {
  hidden: boolean; desk: Desk; detail: ReviewDetail; may: boolean; mode: Mode; onMode: (mode: Mode) => void; evidence: Evidence | undefined; note: string | undefined; onDropEvidence: () => void; places: number; search: UseQueryResult<Searched>;
  at: number; onAt: (at: number) => void; onShow: () => void; onBulk: () => void; confident: number; keysOn: boolean; onHelp: () => void; onDecide: (choice: Choice) => void; onTake: (reading: Reading) => void; onUse: (near: NearPassage) => void;
  draft: Draft | undefined; onDraft: (draft: Draft | undefined) => void; onFind: () => void; onTurn: (step: number) => void; onAssign: () => void;
}

const w = m.workbench;

/** The values beside the document. Single keys act only while the focus is in here, and can be turned off. */
export function ReviewPanel(props: Props) {
  const { desk, detail, may, mode, onMode, at, onAt, onShow, confident, keysOn, onDecide } = props;
  const root = useRef<HTMLElement>(null);
  const { current } = desk;
  const currentID = current?.id;

  // The focus follows the value under the hand, unless the reader is busy elsewhere. It moves with the drawing and not after
  // it: a key pressed as soon as the value is seen must not fall between.
  const focus = useCallback(() => {
    const element = document.activeElement;
    const elsewhere = element && element !== document.body && !root.current?.contains(element);
    if (!elsewhere && currentID) {
      const head = root.current?.querySelector<HTMLElement>(`[data-cand="${currentID}"]`);
      head?.focus({ preventScroll: true });
      head?.scrollIntoView?.({ block: 'nearest' });
    }
  }, [currentID]);
  useLayoutEffect(() => {
    if (mode !== 'edit' && !props.draft) focus();
    if (mode === 'reject') root.current?.querySelector('[data-reasons]')?.scrollIntoView?.({ block: 'nearest' });
  }, [focus, mode, props.draft]);
  const choices = choicesOf(current);
  const absent = () => onDecide({ kind: 'reject', reason: w.absentReason });

  const letter = (key: string): boolean => {
    const count = props.places;
    switch (key) {
      case 'j': case 'ArrowDown': desk.move(1); return true;
      case 'k': case 'ArrowUp': desk.move(-1); return true;
      case 'g': onShow(); return true;
      case ']': if (count) onAt((at + 1) % count); return true;
      case '[': if (count) onAt((at - 1 + count) % count); return true;
      case 'n': props.onTurn(1); return true;
      case 'p': props.onTurn(-1); return true;
      case '/': props.onFind(); return true;
      case '?': props.onHelp(); return true;
      default: return may && decideByKey(key);
    }
  };
  const digit = (key: string): boolean => {
    const reading = choices.all.find((r) => r.key === key);
    const near = current?.state === 'not_found' ? props.search.data?.passages?.[Number(key) - 1] : undefined;
    const tracked = current && choices.all.length === 0 ? desk.trackedOf(current) : [];
    const same = tracked.length > 0 ? [...tracked.map((t) => t.key), another][Number(key) - 1] : undefined;
    if (current && same !== undefined) { desk.setSame(current.id, same); return true; }
    if (reading) props.onTake(reading);
    else if (near) props.onUse(near);
    return !!reading || !!near;
  };
  const decideByKey = (key: string): boolean => {
    if (key === 'v') { props.onDraft({ subject: 'term' }); return true; }
    if (key === 'm') { props.onAssign(); return true; }
    if (key === 'u') { desk.takeBack(); return true; }
    if (!current) return false;
    if (mode === 'reject') {
      const choice = rejections(current)[Number(key) - 1];
      if (key === 'Escape') onMode('look');
      else if (choice) onDecide(choice);
      else return false;
      return true;
    }
    switch (key) {
      case 'a': if (isOpen(current)) onDecide({ kind: 'accept' }); return true;
      case 'e': onMode('edit'); return true;
      case 'r': if (current.state === 'not_found') absent(); else if (isOpen(current)) onMode('reject'); return true;
      default: return /^[1-9]$/.test(key) && digit(key);
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

  const others = unread(desk, detail.specs ?? []);
  const filters = (['needs', 'questions', 'all', 'missing', 'done'] as Filter[]).map((f) => ({ value: f, label: `${w.filters[f]} ${desk.counts[f] + (f === 'missing' && may ? others.length : 0)}` }));
  return (
    <section className="desk" ref={root} aria-label={w.panel} onKeyDown={onKey} tabIndex={-1} hidden={props.hidden}>
      <div className="desk-bar">
        <SegmentedControl size="xs" fullWidth aria-label={w.filter} data={filters} value={desk.filter} onChange={(f) => desk.setFilter(f as Filter)} />
        {may && (
          <div className="row tight" style={{ flexWrap: 'nowrap' }}>
            {confident > 0 && <Button size="xs" variant="light" onClick={props.onBulk} rightSection={<kbd>⇧ A</kbd>} className="bulk grow">{w.confident(confident)}</Button>}
            <Button size="xs" variant="default" className={confident > 0 ? '' : 'grow'} onClick={() => props.onDraft({ subject: 'term' })} leftSection={<IconPlus size={14} aria-hidden />} rightSection={<kbd>V</kbd>}>{w.addValue}</Button>
          </div>
        )}
      </div>
      {props.draft && may && <div className="adding"><AddForm desk={desk} reviewID={detail.review.id} specs={detail.specs ?? []} draft={props.draft} evidence={props.evidence} onDropEvidence={props.onDropEvidence} onUse={props.onUse} onDraft={props.onDraft} /></div>}
      <ol className="cands" aria-label={`${w.panel}: ${plural(desk.rows.length, 'row')}`}>
        {desk.rows.map((c) => (
          <Row key={c.id} candidate={c} desk={desk} search={props.search} note={props.note} onTake={props.onTake} onUse={props.onUse} onAbsent={absent} spec={detail.specs?.find((s) => s.name === c.name)} current={c.id === currentID && !(props.draft && may)} mode={c.id === currentID && !props.draft ? mode : 'look'} threshold={detail.policy.threshold} may={may}
            evidence={props.evidence} evidenceAt={at} onDropEvidence={props.onDropEvidence} onOpen={() => { desk.choose(c.id); onMode('look'); }} onMode={onMode} onDecide={onDecide} onShow={(i) => { onAt(i); onShow(); }} />
        ))}
        {desk.filter === 'missing' && may && others.length > 0 && (
          <li className="unread">
            <span className="small dim">{w.alsoMissing}</span>
            <div className="row tight">{others.map((s) => <button key={s.name} type="button" className="reason" onClick={() => props.onDraft({ subject: 'term', name: s.name })}><IconPlus size={13} aria-hidden />{s.label}</button>)}</div>
          </li>
        )}
      </ol>
      {desk.rows.length === 0 && !(desk.filter === 'missing' && others.length > 0) && !props.draft && <Empty title={w.status.none} />}
    </section>
  );
}
