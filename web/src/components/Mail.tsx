/** An e-mail address, broken before its @ where it must be broken. */
export function Mail({ of }: { of: string }) {
  const at = of.indexOf('@');
  return at < 1 ? <span className="wrap">{of}</span> : <span>{of.slice(0, at)}<wbr />{of.slice(at)}</span>;
}
