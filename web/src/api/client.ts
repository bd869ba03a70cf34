import type { paths } from './schema';

/**
 * The one way to the server. Every failure becomes an ApiError that holds the problem document, so that a page can say
 * what happened, what to do, and which request it was.
 */
export interface Problem {
  title: string; status: number; detail?: string; kind?: string; request_id?: string;
  errors?: { message: string; location?: string }[];
  current?: unknown;
}

export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.status = problem.status;
    this.problem = problem;
  }
}

export type Query = Record<string, string | number | boolean | undefined>;
interface Options { query?: Query; body?: unknown; form?: FormData; signal?: AbortSignal }

const base = '/api/v1';

type Filled<P extends string> = P extends `${infer A}{${string}}${infer B}` ? `${A}${string}${Filled<B>}` : P;
type Method = 'get' | 'post' | 'put' | 'delete';
/** The addresses the server's own description has for a method: a wrong one does not compile. */
export type PathOf<M extends Method> = {
  [P in keyof paths & string]: P extends `/api/v1${infer R}` ? (paths[P] extends Record<M, { responses: unknown }> ? Filled<R> : never) : never;
}[keyof paths & string];

export function urlOf(path: string, query?: Query): string {
  const pairs = Object.entries(query ?? {}).filter(([, v]) => v !== undefined && v !== '');
  if (pairs.length === 0) return base + path;
  return `${base}${path}?${new URLSearchParams(pairs.map(([k, v]) => [k, String(v)]))}`;
}

/** randomUUID is missing on plain http pages that are not localhost, so the key is made from random bytes. */
function idempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = { title: response.statusText || `HTTP ${response.status}`, status: response.status };
  const request = response.headers.get('X-Request-Id');
  if (request) fallback.request_id = request;
  try {
    const body = (await response.json()) as Partial<Problem>;
    return { ...fallback, ...body, status: response.status };
  } catch {
    return fallback;
  }
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method === 'POST') headers['Idempotency-Key'] = idempotencyKey();
  let response: Response;
  try {
    response = await fetch(urlOf(path, options.query), {
      method, headers, credentials: 'same-origin', signal: options.signal ?? null,
      body: options.form ?? (options.body === undefined ? null : JSON.stringify(options.body)),
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError({ title: 'No answer from the server', status: 0, detail: 'The server could not be reached. Nothing was changed; check the network and try again.' });
  }
  if (!response.ok) throw new ApiError(await problemOf(response));
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: PathOf<'get'>, query?: Query, signal?: AbortSignal) => call<T>('GET', path, { query, signal });
export const post = <T>(path: PathOf<'post'>, body: unknown = {}) => call<T>('POST', path, { body });
export const put = <T>(path: PathOf<'put'>, body: unknown) => call<T>('PUT', path, { body });
export const del = <T>(path: PathOf<'delete'>) => call<T>('DELETE', path);
export const upload = <T>(path: PathOf<'post'>, form: FormData) => call<T>('POST', path, { form });
