/** The run of the text that is shown in the document: what was clicked in a list of clauses, words or references. */
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { placesQuery } from '../api/queries';
import type { Mark } from '../workbench/target';

export interface Shown { start: number; end: number }

export function useSpot(documentID: string) {
  const [spot, setSpot] = useState<Shown & { of: string }>();
  const [jump, setJump] = useState(0);
  const here = spot?.of === documentID ? spot : undefined;
  const places = useQuery({ ...placesQuery(documentID, here?.start ?? 0, here?.end ?? 0), enabled: !!here });
  const marks = useMemo<Mark[]>(() => (here ? [{ passage: { quote: '', start: here.start, end: here.end, places: places.data?.places ?? [], verification: 'verified', document_id: documentID }, tone: 'own', active: true }] : []), [here, places.data, documentID]);
  const show = useCallback(({ start, end }: Shown) => {
    setSpot((old) => (old?.of === documentID && old.start === start && old.end === end ? old : { of: documentID, start, end }));
    setJump((n) => n + 1);
  }, [documentID]);
  return { spot: here, marks, jump, show };
}
