import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { ApiError, post } from '../api/client';
import { sessionQuery } from '../api/queries';
import { Mark } from '../components/Nav';
import { ErrorState } from '../components/States';
import { m } from '../messages';

export function SignIn() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { to } = useSearch({ strict: false }) as { to?: string };
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  useEffect(() => { document.title = m.signIn.title; }, []);
  const enter = useMutation({
    mutationFn: () => post('/session', { email: email.trim(), password }),
    onSuccess: async () => {
      client.clear();
      await client.fetchQuery(sessionQuery);
      // Only a path of this site: a link must not send a fresh session elsewhere.
      await navigate({ href: to && /^\/(?![/\\])/.test(to) ? to : '/', replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  const failure = enter.error instanceof ApiError && enter.error.status === 429 ? new Error(m.signIn.tooMany) : enter.error;
  return (
    <main className="signin">
      <form className="panel" onSubmit={submit} aria-labelledby="sign-in-title">
        <div className="row"><Mark /><strong style={{ fontSize: 16 }}>{m.app.name}</strong></div>
        <div>
          <h1 id="sign-in-title">{m.signIn.title}</h1>
          <p className="dim" style={{ margin: '4px 0 0' }}>{m.signIn.text}</p>
        </div>
        {failure && <ErrorState error={failure} />}
        <TextInput label={m.signIn.email} type="email" name="email" autoComplete="username" required value={email} onChange={(e) => setEmail(e.currentTarget.value)} withAsterisk={false} />
        <PasswordInput label={m.signIn.password} name="password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.currentTarget.value)} withAsterisk={false} />
        <Button type="submit" loading={enter.isPending} mt={4}>{m.signIn.submit}</Button>
        <p className="small dim" style={{ margin: 0 }}>{m.signIn.first}</p>
      </form>
    </main>
  );
}
