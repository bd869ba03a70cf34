import { formatAgo, formatTime } from '../lib/format';

/** An instant with its zone; the distance as a hint where it helps more. */
export function Time({ at, ago }: { at: string | undefined; ago?: boolean }) {
  if (!at) return null;
  const full = formatTime(at);
  return <time dateTime={at} title={full} className="nowrap">{ago ? formatAgo(at) : full}</time>;
}
