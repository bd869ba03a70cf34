import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Query } from '../api/client';
import { dueMonthQuery } from '../api/queries';
import { productNow } from '../lib/clock';
import { useFilters } from '../lib/filters';
import { formatDate } from '../lib/format';
import { addMonths, isMonth, monthName, weeksOf } from '../lib/months';
import { m } from '../messages';
import { Glyph } from './Glyph';
import { Go } from './Go';
import { Panel } from './Page';
import { Loaded } from './States';

const r = m.register;
const today = () => new Date(productNow()).toISOString().slice(0, 10);

/** A month with how much is due on each day; a day opens the list behind it. */
export function DueCalendar({ query, dayHref }: { query: Query; dayHref: (day: string) => string }) {
  const [filters, set] = useFilters();
  const month = isMonth(filters.month) ? filters.month : today().slice(0, 7);
  const result = useQuery(dueMonthQuery({ ...query, due_from: undefined, due_to: undefined, month }));
  const step = (n: number) => set({ month: addMonths(month, n) });
  return (
    <Panel title={r.month(monthName(month))} actions={
      <div className="row tight">
        <ActionIcon variant="default" size={30} aria-label={r.earlier} onClick={() => step(-1)}><IconChevronLeft size={16} aria-hidden /></ActionIcon>
        <Button variant="default" size="xs" onClick={() => set({ month: undefined })}>{r.thisMonth}</Button>
        <ActionIcon variant="default" size={30} aria-label={r.later} onClick={() => step(1)}><IconChevronRight size={16} aria-hidden /></ActionIcon>
      </div>}>
      <Loaded query={result} rows={6}>
        {({ days }) => {
          const byDay = new Map((days ?? []).map((d) => [d.date, d]));
          return (
            <>
              <div className="month-wrap" tabIndex={0} role="group" aria-label={r.month(monthName(month))}>
                <table className="month">
                  <thead><tr>{r.days.map((d, i) => <th key={d} scope="col"><abbr title={r.dayNames[i]}>{d}</abbr></th>)}</tr></thead>
                  <tbody>
                    {weeksOf(month).map((week, i) => (
                      <tr key={i}>
                        {week.map((day, j) => {
                          const due = day ? byDay.get(day) : undefined;
                          return (
                            <td key={day ?? j} data-today={day === today() || undefined} className={day ? undefined : 'other'}>
                              {day && <span className="day-no" aria-hidden={!!due}>{Number(day.slice(8))}</span>}
                              {day && due && (
                                <Go href={dayHref(day)} className="day-due"><span className="sr">{r.dayLabel(formatDate(day), due.count, due.late)}</span>
                                  <span aria-hidden className="num"><strong>{due.count}</strong><span className="day-word"> {r.dueCount(due.count).replace(/^\d+ /, '')}</span></span>
                                  {due.late > 0 && <span aria-hidden className="ink-bad small num"><Glyph name="alert" size={11} />{due.late}</span>}
                                </Go>
                              )}
                            </td>
                          );
                        })}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <p className="small dim" style={{ margin: '10px 0 0' }}>{r.total((days ?? []).reduce((n, d) => n + d.count, 0))}</p>
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
