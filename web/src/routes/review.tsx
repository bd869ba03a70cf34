import '../styles/workbench.css';

import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { reviewQuery } from '../api/queries';
import { LoadedPage } from '../components/States';
import { m } from '../messages';
import { Workbench } from '../workbench/Workbench';

export function ReviewPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(reviewQuery(id));
  const title = query.data?.contract.title;
  useEffect(() => { document.title = `${title ?? m.reviews.title} · ${m.app.name}`; }, [title]);
  return <LoadedPage title={m.reviews.title} query={query}>{(detail) => <Workbench key={id} detail={detail} />}</LoadedPage>;
}
