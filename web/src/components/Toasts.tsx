import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { ApiError } from '../api/client';
import { m } from '../messages';

interface Toast { id: number; text: string; bad: boolean; request?: string }
interface Say { ok: (text: string) => void; fail: (error: unknown) => void }

const Context = createContext<Say>({ ok: () => undefined, fail: () => undefined });
export const useSay = () => useContext(Context);

/** Short messages about what was done. Failures stay until dismissed; each message is a new one, so it is read out. */
export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(1);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((t) => t.id !== id)), []);
  const push = useCallback((toast: Omit<Toast, 'id'>) => {
    const id = next.current++;
    setToasts((all) => [...all.slice(-3), { ...toast, id }]);
    if (!toast.bad) setTimeout(() => dismiss(id), 4500);
  }, [dismiss]);
  const say = useMemo<Say>(() => ({
    ok: (text) => push({ text, bad: false }),
    fail: (error) => push({
      text: error instanceof Error ? error.message : m.common.failed, bad: true,
      ...(error instanceof ApiError && error.problem.request_id ? { request: error.problem.request_id } : {}),
    }),
  }), [push]);
  return (
    <Context.Provider value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((t) => (
          <div key={t.id} className="toast">
            {t.bad ? <IconAlertTriangle size={17} color="var(--bad)" aria-hidden /> : <IconCheck size={17} color="var(--ok)" aria-hidden />}
            <div className="grow">{t.text}{t.request && <div className="small dim">{m.common.request} <span className="mono">{t.request}</span></div>}</div>
            <button type="button" aria-label={m.toast.dismiss} onClick={() => dismiss(t.id)} style={{ background: 'none', border: 0, color: 'inherit', cursor: 'pointer', minWidth: 24, minHeight: 24 }}><IconX size={14} aria-hidden /></button>
          </div>
        ))}
      </div>
    </Context.Provider>
  );
}
