/**
 * Live updates: the server says which topic was touched, we read again. Touches of one moment are answered together, so
 * a burst (a month of tickets) costs one refetch per topic.
 */
import type { QueryClient } from '@tanstack/react-query';

export type LiveState = 'connecting' | 'live' | 'lost';

/** Which cached lists a topic concerns beside the one of its own name. */
const also: Record<string, string[]> = {
  candidates: ['reviews'], decisions: ['reviews', 'quality'], reviews: ['contracts'], documents: ['contracts', 'reviews'], versions: ['contracts'],
  obligations: ['contracts', 'register', 'renewals'], occurrences: ['contracts', 'register', 'renewals'], events: ['event_imports', 'findings', 'contracts', 'renewals'], claims: ['findings'], policies: ['engines'], approvals: ['findings', 'contracts'], findings: ['approvals', 'contracts', 'claims'],
  actions: ['connections', 'findings'], deliveries: ['connections'], mappings: ['connections'], links: ['contracts'], notifications: ['findings', 'check_in_mails'],
  check_ins: ['contracts', 'register'], users: ['people'], api_keys: ['keys'], contracts: ['reviews', 'register', 'renewals'],
};

export function connectLive(client: QueryClient, onState: (state: LiveState) => void): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let flush: ReturnType<typeof setTimeout> | undefined;
  let wait = 1000;
  let began = Date.now();
  let closed = false;
  const touched = new Set<string>();

  const deliver = () => {
    flush = undefined;
    for (const topic of touched) void client.invalidateQueries({ queryKey: [topic] });
    touched.clear();
  };
  const touch = (topic: string) => {
    for (const name of [topic, 'overview', 'audit', ...(also[topic] ?? [])]) touched.add(name);
    flush ??= setTimeout(deliver, 350);
  };
  const open = () => {
    onState('connecting');
    began = Date.now();
    source = new EventSource('/api/v1/live');
    source.onopen = () => {
      // What was missed while away, or between the first reading and a line that took long to open.
      if (wait > 1000 || Date.now() - began > 500) void client.invalidateQueries();
      wait = 1000;
      onState('live');
    };
    source.addEventListener('touched', (event) => {
      try {
        const { topic } = JSON.parse((event as MessageEvent<string>).data) as { topic?: string };
        if (topic) touch(topic);
      } catch {
        void client.invalidateQueries(); // a message we can not read may concern anything
      }
    });
    source.onerror = () => {
      source?.close();
      if (closed) return;
      onState('lost');
      wait = Math.min(wait * 2, 30_000);
      retry = setTimeout(open, wait);
    };
  };
  open();
  return () => {
    closed = true;
    source?.close();
    clearTimeout(retry);
    clearTimeout(flush);
  };
}
