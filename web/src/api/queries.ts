/** Every read of the API, with its cache key. The first part of a key is the topic that live updates name. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { setClock } from '../lib/clock';
import { ApiError, get, type PathOf, type Query } from './client';
import type * as t from './types';

/** A list read page by page; filters are part of the key, old rows stay while new ones load. */
const page = <T>(topic: string, path: PathOf<'get'>, query: Query) =>
  infiniteQueryOptions({
    queryKey: [topic, 'list', path, query],
    queryFn: ({ signal, pageParam }) => get<t.Page<T>>(path, { ...query, after: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });
const one = <T>(key: string[], path: PathOf<'get'>, query?: Query) => queryOptions({ queryKey: query ? [...key, query] : key, queryFn: ({ signal }) => get<T>(path, query, signal) });

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => {
    try {
      const session = await get<t.Session>('/session');
      setClock(session.server?.now);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: async ({ signal }) => {
    const overview = await get<t.Overview>('/overview', undefined, signal);
    setClock(overview.as_of);
    return overview;
  },
});
export const reviewsQuery = (q: Query) => page<t.ReviewRow>('reviews', '/reviews', q);
export const reviewQuery = (id: string) => one<t.ReviewDetail>(['reviews', id], `/reviews/${id}`);
export const contractsQuery = (q: Query) => page<t.Contract>('contracts', '/contracts', q);
export const contractSearchQuery = (search: string) => one<t.Page<t.Contract>>(['contracts', 'search', search], '/contracts', { q: search, limit: '10' });
export const contractQuery = (id: string) => one<t.ContractDetail>(['contracts', id], `/contracts/${id}`);
export const versionsQuery = (id: string) => one<t.Page<t.Version>>(['contracts', id, 'versions'], `/contracts/${id}/versions`);
export const obligationsQuery = (id: string) => one<t.Page<t.ObligationRow>>(['contracts', id, 'obligations'], `/contracts/${id}/obligations`);
export const occurrenceQuery = (id: string) => one<t.OccurrenceDetail>(['findings', 'occurrence', id], `/occurrences/${id}`);
export const scheduleQuery = (id: string) => infiniteQueryOptions({
  queryKey: ['contracts', 'schedule', id], initialPageParam: '', getNextPageParam: (last: t.PlannedDays) => last.next,
  queryFn: ({ pageParam, signal }) => get<t.PlannedDays>(`/obligations/${id}/schedule`, pageParam ? { from: pageParam, months: 12 } : {}, signal),
});
export const checkInsQuery = (id: string) => page<t.CheckIn>('check_ins', `/obligations/${id}/check-ins`, { limit: 20 });
export const checkInMailsQuery = (q: Query) => page<t.CheckInMail>('check_in_mails', '/check-in-mails', q);
export const timelineQuery = (id: string) => one<t.Page<t.TimelineItem>>(['contracts', id, 'timeline'], `/contracts/${id}/timeline`);
export const documentQuery = (id: string) => queryOptions({ ...one<t.ContractDocument>(['documents', id], `/documents/${id}`), staleTime: 60_000 });
export const readingQuery = (id: string) => queryOptions({ ...one<t.Reading>(['documents', id, 'reading'], `/documents/${id}/reading`), staleTime: Infinity });
export const wordsQuery = (id: string, page: number) => queryOptions({ ...one<{ items: t.List<t.PageLine> }>(['documents', id, 'words'], `/documents/${id}/words`, { page }), staleTime: Infinity });
export const placesQuery = (id: string, start: number, end: number) =>
  queryOptions({ ...one<{ quote: string; places: t.List<t.Place> }>(['documents', id, 'places'], `/documents/${id}/places`, { start, end }), staleTime: Infinity });
export const clausesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['documents', id, 'clauses'],
    queryFn: ({ signal, pageParam }) => get<t.ClausePage>(`/documents/${id}/clauses`, { limit: 200, after: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  });
export const definitionsQuery = (id: string) => page<t.Definition>('documents', `/documents/${id}/definitions`, { limit: 100 });
export const referencesQuery = (id: string) => page<t.TextReference>('documents', `/documents/${id}/references`, { limit: 100 });
export const signaturesQuery = (id: string) => one<{ items: t.List<t.Signature> }>(['documents', id, 'signatures'], `/documents/${id}/signatures`);
export const clauseCountsQuery = queryOptions({ ...one<{ items: t.List<t.ClauseCount> }>(['contracts', 'clauses'], '/clauses'), staleTime: 60_000 });
export const inForceQuery = (id: string, on: string) => one<t.InForceOn>(['contracts', id, 'in-force'], `/contracts/${id}/in-force`, { on });
export const nearestQuery = (review: string, name: string) => queryOptions({ ...one<t.Searched>(['documents', 'nearest', review], `/reviews/${review}/nearest`, { name }), staleTime: 300_000 });
export const kindsQuery = queryOptions({ ...one<{ items: t.List<t.ObligationKind> }>(['kinds'], '/obligation-kinds'), staleTime: Infinity });
export const findingsQuery = (q: Query) => page<t.FindingRow>('findings', '/findings', q);
export const findingQuery = (id: string) => one<t.FindingDetail>(['findings', id], `/findings/${id}`);
export const approvalsQuery = (q: Query) => page<t.ApprovalRow>('approvals', '/approvals', q);
export const connectorsQuery = queryOptions({ ...one<{ items: t.List<t.Connector> }>(['connectors'], '/connectors'), staleTime: 300_000 });
export const connectionsQuery = one<t.Page<t.ConnectionRow>>(['connections'], '/connections');
export const connectionQuery = (id: string) => one<t.ConnectionRow>(['connections', id], `/connections/${id}`);
export const actionsQuery = (id: string, q: Query) => page<t.Action>('connections', `/connections/${id}/actions`, q);
export const deliveriesQuery = (id: string) => page<t.Delivery>('connections', `/connections/${id}/deliveries`, {});
export const mappingQuery = (id: string) =>
  one<{ mapping: t.Mapping; problems: t.List<{ object: string; field: string; problem: string }>; undescribed?: t.List<string> }>(['connections', id, 'mapping'], `/connections/${id}/mapping`);
export const webhookQuery = (id: string) => one<t.WebhookState>(['connections', id, 'webhook'], `/connections/${id}/webhook`);
export const unmatchedQuery = (ignored: boolean) => one<t.UnmatchedList>(['events', 'unmatched'], '/events/unmatched', ignored ? { ignored } : {});
export const eventContractsQuery = (id: string) => one<t.EventOptions>(['events', id, 'contracts'], `/events/${id}/contracts`);
export const eventKindsQuery = queryOptions({ ...one<{ items: t.List<t.EventKind> }>(['event_kinds'], '/event-kinds'), staleTime: Infinity });
export const eventImportsQuery = (q: Query) => page<t.EventImport>('event_imports', '/event-imports', q);
export const eventImportQuery = (id: string) => one<t.EventImport>(['event_imports', 'one', id], `/event-imports/${id}`);
export const linksQuery = (q: Query) => page<t.Link>('links', '/links', q);
export const auditQuery = (q: Query) => page<t.AuditEntry>('audit', '/audit', q);
export const peopleQuery = queryOptions({ ...one<{ items: t.List<{ id: string; name: string }> }>(['people', 'names'], '/people'), staleTime: 60_000 });
export const usersQuery = one<t.Page<t.User>>(['people'], '/users');
export const keysQuery = one<t.Page<t.ApiKey>>(['keys'], '/keys');
export const policiesQuery = one<t.Page<t.Policy>>(['policies'], '/policies');

export const registerQuery = (q: Query) => page<t.Duty>('register', '/obligations', q);
export const dueMonthQuery = (q: Query) => queryOptions({ ...one<t.DueMonth>(['register', 'month', JSON.stringify(q)], '/obligations/calendar', q), placeholderData: keepPreviousData });
export const renewalsQuery = (q: Query) => page<t.RenewalRow>('renewals', '/renewals', q);
export const claimsQuery = (q: Query) => page<t.ClaimRow>('claims', '/claims', q);
export const claimSumsQuery = (q: Query) => queryOptions({ ...one<t.Page<t.ClaimSum>>(['claims', 'sums', JSON.stringify(q)], '/claims/sums', q), placeholderData: keepPreviousData });
export const enginesQuery = one<t.EngineState>(['engines'], '/engines');
export const thresholdsQuery = one<t.Page<t.Suggestion>>(['thresholds'], '/thresholds');
export const qualityQuery = one<t.Page<t.Score>>(['quality'], '/quality');
export const calibrationQuery = one<t.Page<t.Calibration>>(['quality', 'calibration'], '/calibration');
