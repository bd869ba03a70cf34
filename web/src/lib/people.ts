/** Who an id is. Decisions keep ids, people read names; what is no person's id (policy, system) stays as it is. */
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { peopleQuery } from '../api/queries';

export function useNames(): (id: string | undefined) => string {
  const { data } = useQuery(peopleQuery);
  return useCallback((id) => data?.items?.find((p) => p.id === id)?.name ?? id ?? '', [data]);
}
