/** Filters live in the URL: a filtered list can be sent to a colleague, and Back works. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export type Filters = Record<string, string | undefined>;

export function useFilters(): [Filters, (change: Filters) => void, () => void] {
  const search = useSearch({ strict: false }) as Filters;
  const navigate = useNavigate();
  const set = useCallback((change: Filters) => {
    void navigate({
      to: '.', replace: true,
      search: ((old: Filters) => Object.fromEntries(Object.entries({ ...old, ...change }).filter(([, v]) => v !== undefined && v !== ''))) as never,
    });
  }, [navigate]);
  // The filters go; which tab or view of the page is open stays.
  const clear = useCallback(() => void navigate({ to: '.', replace: true, search: ((old: Filters) => Object.fromEntries(Object.entries(old).filter(([name]) => name === 'tab' || name === 'view'))) as never }), [navigate]);
  return [search, set, clear];
}
