import type { PactEvent, TraceStep } from '../api/types';
import { eventText } from '../lib/event';
import { capital, readable, words } from '../lib/format';
import { useNames } from '../lib/people';
import { m } from '../messages';
import { Panel } from './Page';
import { Time } from './Time';

const f = m.finding;

/** The computation, step by step, as a person can check it. */
export function TracePanel({ steps }: { steps: TraceStep[] }) {
  return (
    <Panel title={f.trace} flush>
      {steps.length === 0 && <p className="dim" style={{ padding: '0 16px 14px', margin: 0 }}>{f.noTrace}</p>}
      {steps.length > 0 && (
        <div className="table-wrap" tabIndex={0} role="group" aria-label={f.trace}>
          <table className="table">
            <thead><tr><th scope="col">{f.rule}</th><th scope="col">{f.inputs}</th><th scope="col">{f.result}</th></tr></thead>
            <tbody>
              {steps.map((s, i) => (
                <tr key={i}><td>{s.rule}{s.clause && <span className="small dim" style={{ display: 'block' }}>{m.common.clause(s.clause)}</span>}</td><td className="num" style={{ textAlign: 'left' }}>{readable(s.inputs)}</td><td className="strong num" style={{ textAlign: 'left' }}>{readable(s.result)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

export function EventsPanel({ events }: { events: PactEvent[] }) {
  const replaced = new Set(events.map((e) => e.replaces).filter(Boolean));
  const nameOf = useNames();
  return (
    <Panel title={f.events} flush>
      {events.length === 0 && <p className="dim" style={{ padding: '0 16px 14px', margin: 0 }}>{f.noEvents}</p>}
      {events.length > 0 && (
        <div className="table-wrap" tabIndex={0} role="group" aria-label={f.events}>
          <table className="table">
            <thead><tr><th scope="col">{f.event}</th><th scope="col">{f.at}</th><th scope="col">{f.reported}</th></tr></thead>
            <tbody>
              {events.map((e) => (
                <tr key={e.id}>
                  <td style={{ minWidth: 190 }}><span className={replaced.has(e.id) ? 'struck' : 'strong'}>{capital(words(e.kind))}</span> <span className="dim">{e.subject}</span>
                    {replaced.has(e.id) && <span className="small dim"> {f.replaced}</span>}
                    <span className="small dim wrap" style={{ display: 'block' }}>{eventText(e.data?.approved_by ? { ...e.data, approved_by: nameOf(String(e.data.approved_by)) } : e.data ?? {})}</span>{e.matched_by && <span className="small dim wrap" style={{ display: 'block' }}>{e.matched_by}</span>}</td>
                  <td><Time at={e.occurred_at} /></td><td><Time at={e.received_at} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
