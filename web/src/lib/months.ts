/** The days of a month as weeks that begin on Monday; days of other months are undefined. No date is moved by a zone. */
export function weeksOf(month: string): (string | undefined)[][] {
  const match = /^(\d{4})-(\d{2})$/.exec(month);
  if (!match) return [];
  const [year, at] = [Number(match[1]), Number(match[2])];
  const first = (new Date(Date.UTC(year, at - 1, 1)).getUTCDay() + 6) % 7;
  const days = new Date(Date.UTC(year, at, 0)).getUTCDate();
  const cells: (string | undefined)[] = Array.from({ length: Math.ceil((first + days) / 7) * 7 }, (_, i) => {
    const day = i - first + 1;
    return day < 1 || day > days ? undefined : `${month}-${String(day).padStart(2, '0')}`;
  });
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/** The month some months away: addMonths("2026-12", 1) is "2027-01". */
export function addMonths(month: string, n: number): string {
  const match = /^(\d{4})-(\d{2})$/.exec(month);
  if (!match) return month;
  return new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1 + n, 1)).toISOString().slice(0, 7);
}

const names = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
export const monthName = (month: string) => `${names[Number(month.slice(5, 7)) - 1] ?? ''} ${month.slice(0, 4)}`;

export const isMonth = (text: string | undefined): text is string => /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '');
