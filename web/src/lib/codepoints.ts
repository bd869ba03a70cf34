/**
 * The server counts Unicode code points, JavaScript counts UTF-16 units. A Text converts once and cuts by code points.
 * Nearly every contract has none above the first plane; then both counts agree and nothing is copied.
 */
export class Text {
  private readonly points: string[] | undefined;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
    if (/[\ud800-\udbff]/.test(text)) this.points = Array.from(text);
  }

  get length(): number {
    return this.points ? this.points.length : this.text.length;
  }

  slice(start: number, end: number): string {
    return this.points ? this.points.slice(start, end).join('') : this.text.slice(start, end);
  }

  /** Code point offset of a UTF-16 offset. */
  offset(units: number): number {
    return this.points ? Array.from(this.text.slice(0, units)).length : units;
  }
}

/**
 * Finds a quote inside [from, to) of the text whatever its white space: a browser's selection breaks lines elsewhere than
 * the reader does. near is how many characters other than white space stand before it in that range; it decides between
 * repeats. Offsets are UTF-16 units of text.
 */
export function findQuote(text: string, quote: string, from: number, to: number, near: number): { start: number; end: number } | undefined {
  const wanted = squeeze(quote);
  if (wanted === '') return undefined;
  let squeezed = '';
  const at: number[] = [];
  for (let i = from; i < Math.min(to, text.length); i++) {
    const c = text.charAt(i);
    if (isSpace(c)) continue;
    squeezed += c;
    at.push(i);
  }
  let best = -1;
  for (let hit = squeezed.indexOf(wanted); hit >= 0; hit = squeezed.indexOf(wanted, hit + 1)) {
    if (best < 0 || Math.abs(hit - near) < Math.abs(best - near)) best = hit;
  }
  const first = at[best];
  const last = at[best + wanted.length - 1];
  return best < 0 || first === undefined || last === undefined ? undefined : { start: first, end: last + 1 };
}

const isSpace = (c: string) => /[\s\u00ad\u200b]/.test(c);
export const squeeze = (text: string) => text.replace(/[\s\u00ad\u200b]+/g, '');
