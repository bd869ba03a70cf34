import { Button } from '@mantine/core';
import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/types';
import { useFilters } from '../lib/filters';
import { m } from '../messages';
import { DataTable, type Column } from './DataTable';
import { Empty, ErrorState, Skeleton } from './States';

interface Props<T> {
  // The options come from api/queries.ts with their own key type; only the data matters here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  query: UseInfiniteQueryOptions<Page<T>, Error, InfiniteData<Page<T>>, any, string>;
  columns: Column<T>[];
  keyOf: (row: T) => string;
  label: string;
  filtered: boolean;
  empty: ReactNode;
  onRow?: (row: T) => void;
}

/** A list of the API as a table, with its four faces: loading, failed, empty (for two reasons) and filled. */
export function List<T>({ query, columns, keyOf, label, filtered, empty, onRow }: Props<T>) {
  const result = useInfiniteQuery(query);
  const [, , clear] = useFilters();
  if (result.isPending) return <Skeleton rows={7} />;
  if (result.isError && !result.data) return <div style={{ padding: 12 }}><ErrorState error={result.error} retry={() => void result.refetch()} /></div>;
  const rows = (result.data?.pages ?? []).flatMap((p) => p.items ?? []);
  if (rows.length === 0) {
    if (!filtered) return <>{empty}</>;
    return <Empty title={m.common.nothingMatches} text={m.common.nothingMatchesText}><Button variant="default" size="xs" onClick={clear}>{m.common.clear}</Button></Empty>;
  }
  return (
    <>
      <DataTable rows={rows} columns={columns} keyOf={keyOf} label={label} {...(onRow ? { onRow } : {})} />
      <div className="table-foot">
        <span>{m.common.shown(rows.length)}</span>
        {result.hasNextPage && <Button size="xs" variant="default" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>{m.common.more}</Button>}
        {result.isError && <span className="ink-bad">{result.error.message}</span>}
      </div>
    </>
  );
}
