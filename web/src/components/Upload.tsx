import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState, type DragEvent } from 'react';
import { upload } from '../api/client';
import type { Uploaded } from '../api/types';
import { formatSize } from '../lib/format';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { ErrorState, Skeleton } from './States';

interface Item { key: number; file: File; result?: Uploaded; error?: Error }

/** Upload by dropping or choosing; each file has its own result, and one failure stops nothing. */
export function UploadButton({ variant = 'filled', parentId }: { variant?: string; parentId?: string }) {
  const [opened, { open, close }] = useDisclosure();
  const may = useMay('reviewer');
  if (!may) return null;
  return (
    <>
      <Button variant={variant} leftSection={<IconUpload size={16} aria-hidden />} onClick={open}>{m.contracts.upload}</Button>
      <Modal opened={opened} onClose={close} title={m.contracts.uploadTitle} size="lg" closeButtonProps={{ 'aria-label': m.common.close }}><UploadForm onOpen={close} {...(parentId ? { parentId } : {})} /></Modal>
    </>
  );
}

function UploadForm({ onOpen, parentId }: { onOpen: () => void; parentId?: string }) {
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [items, setItems] = useState<Item[]>([]);
  const [over, setOver] = useState(false);

  const patch = (key: number, change: Partial<Item>) => setItems((all) => all.map((i) => (i.key === key ? { ...i, ...change } : i)));
  const send = async (item: Item) => {
    const form = new FormData();
    form.set('file', item.file);
    if (parentId) form.set('parent_id', parentId);
    try {
      patch(item.key, { result: await upload<Uploaded>('/contracts', form) });
      void client.invalidateQueries({ queryKey: ['contracts'] });
    } catch (error) {
      patch(item.key, { error: error as Error });
    }
  };
  const take = async (files: FileList | null) => {
    const added = Array.from(files ?? [], (file, i) => ({ key: Date.now() + i, file }));
    setItems((all) => [...all, ...added]);
    for (const item of added) await send(item); // one at a time: the order of arrival is the order in the list
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  return (
    <div className="stack">
      <div className="drop" data-over={over} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        <span>{m.contracts.uploadText}</span>
        <Button variant="default" onClick={() => input.current?.click()}>{m.contracts.choose}</Button>
        <input ref={input} type="file" multiple hidden aria-label={m.contracts.choose} onChange={(e) => { void take(e.currentTarget.files); e.currentTarget.value = ''; }} />
      </div>
      {items.map((item) => (
        <div key={item.key} className="stack tight" role="status">
          <div className="row between"><span className="strong wrap">{item.file.name}</span><span className="dim small num">{formatSize(item.file.size)}</span></div>
          {item.error && <ErrorState error={item.error} retry={() => { patch(item.key, { error: undefined as never }); void send(item); }} />}
          {item.result && (
            <div className="row"><span className="ink-ok">{item.result.repeated ? m.contracts.repeated : m.contracts.uploaded}</span>
              <Link to="/contracts/$id" params={{ id: item.result.contract.id }} onClick={onOpen}>{m.contracts.openContract}</Link></div>
          )}
          {!item.error && !item.result && <Skeleton rows={1} height={8} />}
        </div>
      ))}
    </div>
  );
}
