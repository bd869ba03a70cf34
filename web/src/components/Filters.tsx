import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useFilters } from '../lib/filters';
import { m } from '../messages';

export interface Choice { name: string; label: string; options: { value: string; label: string }[]; width?: number; searchable?: boolean }

/** Search and choices over a list; everything it knows is in the URL. */
export function FilterBar({ search, choices }: { search?: string; choices: Choice[] }) {
  const [filters, set, clear] = useFilters();
  const [text, setText] = useState(filters.q ?? '');
  const typed = useRef(text);
  const apply = useDebouncedCallback((q: string) => set({ q }), 220);
  useEffect(() => {
    if ((filters.q ?? '') === '' && typed.current !== '') { typed.current = ''; setText(''); }
  }, [filters.q]);
  const active = choices.some((c) => filters[c.name]) || !!filters.q;
  return (
    <div className="filters" role="search">
      {search && (
        <TextInput aria-label={search} placeholder={search} leftSection={<IconSearch size={15} aria-hidden />} value={text} w={270}
          onChange={(e) => { const q = e.currentTarget.value; setText(q); apply(q); if (q !== '') typed.current = q; }} />
      )}
      {choices.map((c) => (
        <Select key={c.name} aria-label={c.label} placeholder={c.label} data={c.options} value={filters[c.name] ?? null} clearable searchable={c.searchable ?? false} nothingFoundMessage={m.command.nothing} w={c.width ?? 165}
          clearButtonProps={{ 'aria-label': m.common.clear }} onChange={(v) => set({ [c.name]: v ?? undefined })} />
      ))}
      {active && <Button variant="subtle" onClick={() => { setText(''); typed.current = ''; clear(); }}>{m.common.clear}</Button>}
    </div>
  );
}

export const optionsOf = (looks: Record<string, { label: string }>) => Object.entries(looks).map(([value, { label }]) => ({ value, label }));
