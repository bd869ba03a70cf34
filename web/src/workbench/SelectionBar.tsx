import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef } from 'react';
import { kindsQuery } from '../api/queries';
import type { TermSpec } from '../api/types';
import { m } from '../messages';
import { unread } from './AddForm';
import type { Selected } from './target';
import { labelOf, type Desk } from './useDesk';

const w = m.workbench;

interface Props { selected: Selected; desk: Desk; specs: TermSpec[]; drafting: boolean; busy: boolean; onUse: (target: string) => void; onClose: () => void }

/** What was selected in the document, and of what it is the evidence: the value under the hand, another, or a new one. */
export function SelectionBar({ selected, desk, specs, drafting, busy, onUse, onClose }: Props) {
  const first = useRef<HTMLButtonElement>(null);
  const kinds = useQuery(kindsQuery);
  const { current } = desk;
  useLayoutEffect(() => { if (selected.byKey) first.current?.focus(); }, [selected.byKey]);
  const groups = [
    { group: w.inReview, items: desk.all.filter((c) => c.id !== current?.id).map((c) => ({ value: `row:${c.id}`, label: labelOf(c) })) },
    { group: w.notRead, items: unread(desk, specs).map((s) => ({ value: `term:${s.name}`, label: s.label })) },
    { group: w.newObligation, items: (kinds.data?.items ?? []).map((k) => ({ value: `kind:${k.kind}`, label: k.title })) },
  ].filter((g) => g.items.length > 0);
  return (
    <div className="selected" role="region" aria-label={w.selected} onKeyDown={(e) => { if (e.key === 'Escape') onClose(); }}>
      <span className="selected-quote">“{selected.quote.replace(/\s+/g, ' ')}”</span>
      <div className="row tight">
        {drafting
          ? <Button ref={first} size="xs" loading={busy} onClick={() => onUse('draft:')}>{w.use}</Button>
          : current && <Button ref={first} size="xs" loading={busy} onClick={() => onUse(`row:${current.id}`)}>{w.use}: {labelOf(current)}</Button>}
        <Select size="xs" w={210} searchable data={groups} value={null} placeholder={w.useFor} aria-label={w.useFor} nothingFoundMessage={m.command.nothing} onChange={(v) => v && onUse(v)} comboboxProps={{ position: 'top-start' }} maxDropdownHeight={320} />
        <Button size="xs" variant="subtle" color="gray" onClick={onClose}>{m.common.cancel}</Button>
      </div>
    </div>
  );
}
