/** Who is signed in, for pages that show more to some roles. The server decides; this only spares useless buttons. */
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries';

export function useSession() {
  return useQuery(sessionQuery).data ?? undefined;
}

export function useMay(role: 'reviewer' | 'approver' | 'admin' | 'connector'): boolean {
  const mine = useSession()?.actor.role;
  return mine === role || mine === 'admin';
}

/** The business units of who is signed in; "*" is all. */
export function useUnits(): string[] {
  return useSession()?.actor.units ?? [];
}
