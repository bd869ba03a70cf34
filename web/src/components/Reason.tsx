import { Button, Modal, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { m } from '../messages';
import { ErrorState } from './States';

interface Props { children?: ReactNode; title: string; text?: string | undefined; action: string; danger?: boolean; busy: boolean; error: Error | null; onClose: () => void; onSubmit: (reason: string) => void }

/** Asks why before a decision that stays in the audit log. */
export function ReasonDialog({ children, title, text, action, danger, busy, error, onClose, onSubmit }: Props) {
  const [reason, setReason] = useState('');
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); onSubmit(reason.trim()); }}>
        {text && <p style={{ margin: 0 }}>{text}</p>}
        {children}
        <Textarea label={m.common.reason} description={m.common.reasonNeeded} autosize minRows={2} maxLength={2000} value={reason} onChange={(e) => setReason(e.currentTarget.value)} data-autofocus />
        {error && <ErrorState error={error} />}
        <div className="row">
          <Button type="submit" loading={busy} disabled={reason.trim() === ''} {...(danger ? { color: 'red.9' } : {})}>{action}</Button>
          <Button variant="default" onClick={onClose}>{m.common.cancel}</Button>
        </div>
      </form>
    </Modal>
  );
}
