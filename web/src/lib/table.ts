/** A table of cells as CSV: what could be read as a formula by a spreadsheet is marked as text. */
export function toCSV(rows: string[][]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return rows.map((r) => r.map(cell).join(',')).join('\r\n') + '\r\n';
}

const outsideLines = (field: string) => field.replace('data.lines.', 'data.');

// What a heading means where the kind of event has not what it means elsewhere: the type and the end of a certificate.
const instead: Record<string, string> = { kind: 'data.certificate.kind', 'data.end_at': 'data.certificate.expires' };
const meanings = (field: string) => [field, outsideLines(field), instead[field] ?? field];

/**
 * The fields that a column means for a kind of event, which has some of them: what was chosen, or what its heading suggests where nothing was.
 * A member of a line is that of the event itself where the kind has no lines.
 */
export function fitting(chosen: string[], suggested: string | undefined, has: (field: string) => boolean): string[] {
  const untouched = chosen.length === 0 || (chosen.length === 1 && !!suggested && meanings(suggested).includes(chosen[0] ?? ''));
  return (untouched && suggested ? [suggested] : chosen).flatMap((f) => meanings(f).find(has) ?? []);
}
