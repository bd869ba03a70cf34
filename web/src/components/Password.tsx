import { Button, Modal, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ApiError, put } from '../api/client';
import { m } from '../messages';
import { ErrorState } from './States';
import { useSay } from './Toasts';

const p = m.password;

/** Everybody changes their own password, and proves it with the old one. */
export function PasswordDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const say = useSay();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () => put('/session/password', { old, new: next }),
    onSuccess: () => { say.ok(p.done); onClose(); },
  });
  const differ = again !== '' && again !== next;
  const failure = change.error instanceof ApiError && change.error.status === 429 ? new Error(m.signIn.tooMany) : change.error;
  return (
    <Modal opened onClose={onClose} title={p.title} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e: FormEvent) => { e.preventDefault(); if (!differ && !change.isPending) change.mutate(); }}>
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput label={p.old} required withAsterisk={false} autoComplete="current-password" value={old} onChange={(e) => setOld(e.currentTarget.value)} data-autofocus />
        <PasswordInput label={p.next} description={p.help} required withAsterisk={false} minLength={10} maxLength={1024} autoComplete="new-password" value={next} onChange={(e) => setNext(e.currentTarget.value)} />
        <PasswordInput label={p.again} required withAsterisk={false} autoComplete="new-password" value={again} onChange={(e) => setAgain(e.currentTarget.value)} error={differ && p.differ} />
        <p className="small dim" style={{ margin: 0 }}>{p.text}</p>
        {failure && <ErrorState error={failure} />}
        <div className="row"><Button type="submit" loading={change.isPending} disabled={differ}>{p.action}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
