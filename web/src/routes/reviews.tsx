import { Button } from '@mantine/core';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { get, post } from '../api/client';
import { reviewsQuery } from '../api/queries';
import type { Page as Items, ReviewRow } from '../api/types';
import type { Column } from '../components/DataTable';
import { Confidence } from '../components/Evidence';
import { FilterBar, optionsOf } from '../components/Filters';
import { StateBadge } from '../components/Glyph';
import { List } from '../components/List';
import { Page, Panel } from '../components/Page';
import { Empty } from '../components/States';
import { Time } from '../components/Time';
import { useSay } from '../components/Toasts';
import { useFilters } from '../lib/filters';
import { useMay, useSession } from '../lib/session';
import { states } from '../lib/states';
import { contractType, contractTypes, typeNote } from '../lib/types';
import { m } from '../messages';

const columns: Column<ReviewRow>[] = [
  { id: 'contract', header: m.reviews.contract, cell: ({ review, contract }) => (
    <div>
      <Link to="/reviews/$id" params={{ id: review.id }} className="strong wrap">{contract.title || contract.number || review.id}</Link>
      <div className="small dim wrap">{[contract.customer, contract.number].filter(Boolean).join(' · ')}</div>
    </div>
  ) },
  { id: 'type', header: m.reviews.type, cell: ({ contract }) => <><span className="nowrap">{contractType(contract.contract_type)}</span>{typeNote(contract) && <span className="small dim" style={{ display: 'block' }}>{typeNote(contract)}</span>}</> },
  { id: 'state', header: m.common.state, cell: ({ review }) => <StateBadge domain="review" state={review.state} /> },
  { id: 'open', header: m.reviews.open, align: 'right', cell: ({ review }) => <span className="num nowrap">{m.reviews.ofTotal(review.open, review.total)}</span> },
  { id: 'lowest', header: m.reviews.lowest, cell: ({ review }) => <Confidence share={review.min_confidence} threshold="0.85" /> },
  { id: 'due', header: m.reviews.due, cell: ({ review }) => review.due_at && <Time at={review.due_at} /> },
  { id: 'assignee', header: m.reviews.assignee, cell: ({ review }) => review.assignee ? <span className="wrap">{review.assignee}</span> : <span className="dim">{m.reviews.unassigned}</span> },
];

export function ReviewsPage() {
  const [filters] = useFilters();
  const query = useMemo(() => reviewsQuery({ state: filters.state ?? 'waiting,in_review', contract_type: filters.type, limit: 50 }), [filters]);
  return (
    <Page title={m.reviews.title} question={m.reviews.question} actions={<TakeNext />}>
      <FilterBar choices={[
        { name: 'state', label: m.common.state, options: optionsOf(states.review) }, { name: 'type', label: m.reviews.type, options: contractTypes, width: 200 }]} />
      <Panel flush>
        <List query={query} columns={columns} keyOf={(r) => r.review.id} label={m.reviews.title} filtered={['state', 'type'].some((f) => filters[f])}
          empty={<Empty title={m.reviews.empty} text={m.reviews.emptyText} />} />
      </Panel>
    </Page>
  );
}

/** Takes the most urgent waiting review nobody has, and opens it. */
function TakeNext() {
  const session = useSession();
  const navigate = useNavigate();
  const say = useSay();
  const may = useMay('reviewer');
  const take = useMutation({
    mutationFn: async () => {
      const { items } = await get<Items<ReviewRow>>('/reviews', { state: 'waiting', limit: 50 });
      const row = (items ?? []).find((r) => !r.review.assignee) ?? items?.[0];
      if (row && session) await post(`/reviews/${row.review.id}/assign`, { assignee: session.email || session.actor.id, revision: row.review.revision });
      return row;
    },
    onSuccess: (row) => (row ? void navigate({ to: '/reviews/$id', params: { id: row.review.id } }) : say.ok(m.reviews.takeNextNone)),
    onError: say.fail,
  });
  if (!may) return null;
  return <Button leftSection={<IconPlayerTrackNext size={16} aria-hidden />} loading={take.isPending} onClick={() => take.mutate()}>{m.reviews.takeNext}</Button>;
}
