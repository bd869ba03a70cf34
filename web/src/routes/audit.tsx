import { Button, TextInput } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { get } from '../api/client';
import type { AuditReport } from '../api/types';
import { AuditList } from '../components/AuditList';
import { Glyph } from '../components/Glyph';
import { Page, Panel } from '../components/Page';
import { ErrorState } from '../components/States';
import { useFilters } from '../lib/filters';
import { useMay } from '../lib/session';
import { m } from '../messages';

const names = ['actor', 'act', 'subject'] as const;

export function AuditPage() {
  const [filters, set, clear] = useFilters();
  const admin = useMay('admin');
  const verify = useMutation({ mutationFn: () => get<AuditReport>('/audit/verify') });
  const query = useMemo(() => ({ actor: filters.actor, act: filters.act, subject: filters.subject, contract_id: filters.contract_id }), [filters]);
  const filtered = Object.values(query).some(Boolean);
  return (
    <Page title={m.audit.title} question={m.audit.question} actions={admin && <Button leftSection={<IconShieldCheck size={17} aria-hidden />} loading={verify.isPending} onClick={() => verify.mutate()}>{m.audit.verify}</Button>}>
      <div role="status">
        {verify.isError && <ErrorState error={verify.error} retry={() => verify.mutate()} />}
        {verify.data && (
          <div className={`banner tone-${verify.data.ok ? 'ok' : 'bad'}`}><Glyph name={verify.data.ok ? 'check' : 'alert'} size={16} />
            <span>{verify.data.ok ? m.audit.verified(verify.data.entries, verify.data.unsealed) : m.audit.broken(verify.data.first_bad ?? '', verify.data.problem ?? '')}</span></div>
        )}
      </div>
      <div className="filters" role="search">
        {names.map((name) => <Field key={name + (filters[name] ?? '')} name={name} value={filters[name] ?? ''} onApply={(v) => set({ [name]: v })} />)}
        {filtered && <Button variant="subtle" onClick={clear}>{m.common.clear}</Button>}
      </div>
      <Panel flush><AuditList query={query} filtered={filtered} /></Panel>
    </Page>
  );
}

function Field({ name, value, onApply }: { name: (typeof names)[number]; value: string; onApply: (value: string) => void }) {
  const [text, setText] = useState(value);
  return <TextInput aria-label={m.audit[name]} placeholder={m.audit[name]} w={190} value={text} onChange={(e) => setText(e.currentTarget.value)} onBlur={() => text !== value && onApply(text.trim())} onKeyDown={(e) => e.key === 'Enter' && onApply(text.trim())} />;
}
