import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { IconMenu2 } from '@tabler/icons-react';
import { Suspense, useEffect, useState } from 'react';
import { connectLive, type LiveState } from '../api/live';
import { sessionQuery } from '../api/queries';
import { m } from '../messages';
import { CommandBar } from './CommandBar';
import { Mark, Nav } from './Nav';
import { ErrorState, Skeleton } from './States';

/** The frame of every page behind the sign-in: navigation, command bar, live updates. */
export function Shell() {
  const session = useQuery(sessionQuery);
  const client = useQueryClient();
  const { pathname } = useLocation();
  const [live, setLive] = useState<LiveState>('connecting');
  const [open, setOpen] = useState(false);
  const signedIn = !!session.data;
  useEffect(() => (signedIn ? connectLive(client, setLive) : undefined), [client, signedIn]);

  if (session.isError) return <main className="page"><ErrorState error={session.error} retry={() => void session.refetch()} /></main>;
  if (session.isPending) return <Skeleton rows={3} />;
  if (!session.data) return <ToSignIn />;
  const workbench = /^\/reviews\/[^/]+/.test(pathname);
  return (
    <>
      <a href="#main" className="skip">{m.app.skip}</a>
      <div className={workbench ? 'shell wide' : 'shell'}>
        <header className="mobile-bar">
          <button type="button" className="linkish" aria-label={m.app.menu} aria-expanded={open} onClick={() => setOpen(true)}><IconMenu2 size={20} aria-hidden /></button>
          <Mark /><strong>{m.app.name}</strong>
        </header>
        <Nav session={session.data} live={live} open={open} onClose={() => setOpen(false)} />
        <main className="main" id="main" tabIndex={-1}>
          <Suspense fallback={<Skeleton rows={6} />}><Outlet /></Suspense>
        </main>
      </div>
      <CommandBar />
    </>
  );
}

/** Leads to the sign-in and remembers, once, where the reader wanted to go: the address changes while this is shown. */
function ToSignIn() {
  const [wanted] = useState(() => window.location.pathname + window.location.search);
  const navigate = useNavigate();
  useEffect(() => {
    void navigate({ to: '/sign-in', search: (wanted === '/' ? {} : { to: wanted }) as never, replace: true });
  }, [navigate, wanted]);
  return <Skeleton rows={3} />;
}
