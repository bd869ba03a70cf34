import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { words } from '../lib/format';
import { m } from '../messages';
import { Page } from './Page';

/** Nothing for 150 ms, then the outline of what comes: a fast answer never flickers. */
export function Skeleton({ rows = 5, height = 34 }: { rows?: number; height?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="stack mid" style={{ padding: 16 }} aria-busy="true" role="status" aria-label={m.common.loading}>
      {shown && Array.from({ length: rows }, (_, i) => <div key={i} className="skeleton" style={{ height, width: `${100 - ((i * 13) % 31)}%` }} />)}
    </div>
  );
}

export function ErrorState({ error, retry }: { error: Error; retry?: () => void }) {
  const problem = error instanceof ApiError ? error.problem : { title: m.common.failed, detail: error.message };
  const request = 'request_id' in problem ? problem.request_id : undefined;
  const kind = 'kind' in problem ? problem.kind : undefined;
  const title = (kind && m.common.failures[kind]) || problem.title;
  const details = 'errors' in problem ? problem.errors : undefined;
  return (
    <div className="error" role="alert">
      <div className="row tight"><IconAlertTriangle size={16} aria-hidden color="var(--bad)" /><strong>{title}</strong></div>
      {problem.detail && problem.detail !== title && <p>{problem.detail}</p>}
      {details?.map((d, i) => <p key={i} className="small">{d.location ? `${words(d.location.replace(/^body\./, '').replaceAll('.', ': '))}: ` : ''}{d.message}</p>)}
      {(retry || request) && (
        <div className="row">
          {retry && <Button size="xs" variant="default" onClick={retry}>{m.common.retry}</Button>}
          {request && <span className="small">{m.common.request} <span className="mono">{request}</span></span>}
        </div>
      )}
    </div>
  );
}

/** Why a form was not saved: where the server named fields, it stands at them, and only that it did so is said here. */
export function FormProblem({ error, atFields }: { error: Error | null; atFields: object }) {
  if (!error) return null;
  if (Object.keys(atFields).length > 0) return <p className="small ink-bad" role="alert" style={{ margin: 0 }}>{m.form.atFields}</p>;
  return <ErrorState error={error} />;
}

export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children && <div className="actions row">{children}</div>}
    </div>
  );
}

interface LoadedProps<T> { query: UseQueryResult<T, Error>; rows?: number; children: (data: T) => ReactNode }

/** One broken part never takes the page: each part loads, fails and recovers by itself. Old data stays while refreshing. */
export function Loaded<T>({ query, rows, children }: LoadedProps<T>) {
  if (query.data === undefined && !query.isError) return <Skeleton rows={rows ?? 5} />;
  return (
    <>
      {query.isError && <div style={{ padding: 12 }}><ErrorState error={query.error} retry={() => void query.refetch()} /></div>}
      {query.data !== undefined && children(query.data)}
    </>
  );
}

/** The same for a page whose subject is the query: while there is nothing, the page still has its frame and title. */
export function LoadedPage<T>({ title, query, rows, children }: LoadedProps<T> & { title: string }) {
  if (query.data !== undefined) return <Loaded query={query}>{children}</Loaded>;
  return <Page title={title}><Loaded query={query} rows={rows ?? 10}>{children}</Loaded></Page>;
}
