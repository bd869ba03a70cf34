import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client';
import type { ContractDocument } from '../api/types';
import { formatSize } from '../lib/format';
import { m } from '../messages';
import { Glyph, StateBadge } from './Glyph';
import { Facts, Panel } from './Page';
import { Empty } from './States';
import { Time } from './Time';
import { useSay } from './Toasts';

export function DocumentsTab({ documents }: { documents: ContractDocument[] }) {
  if (documents.length === 0) return <Panel><Empty title={m.contract.noDocuments} text={m.contract.noDocumentsText} /></Panel>;
  return <div className="stack">{documents.map((d) => <DocumentCard key={d.id} document={d} />)}</div>;
}

/** A file with its state and, where it is stuck, the way forward. */
function DocumentCard({ document: d }: { document: ContractDocument }) {
  const client = useQueryClient();
  const say = useSay();
  const retry = useMutation({
    mutationFn: () => post(`/documents/${d.id}/retry`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['contracts'] }),
    onError: say.fail,
  });
  const stuck = !['read', 'received', 'reading'].includes(d.state);
  return (
    <Panel title={<span className="wrap">{d.filename}</span>} actions={<span className="row tight">
      {stuck && <Button size="xs" loading={retry.isPending} onClick={() => retry.mutate()}>{m.contract.retryReading}</Button>}
      <Button size="xs" variant="default" component="a" href={`/api/v1/documents/${d.id}/file`} target="_blank" rel="noreferrer">{m.contract.openFile}</Button></span>}>
      <div className="stack mid">
        <div className="row tight"><StateBadge domain="document" state={d.state} /><span className="small dim">{[d.progress, d.pages && m.contract.pages(d.pages), formatSize(d.size), d.reader].filter(Boolean).join(' · ')}</span></div>
        {d.reason && <p style={{ margin: 0 }}>{d.reason}</p>}
        {d.warnings?.map((text, i) => <div key={i} className="row tight ink-warn small"><Glyph name="alert" />{text}</div>)}
        <Facts items={[['SHA-256', <span key="h" className="mono wrap">{d.sha256}</span>], [m.contracts.added, <Time key="t" at={d.created_at} />]]} />
      </div>
    </Panel>
  );
}
