import { paramLines } from '../lib/params';

/** Parameters of an obligation as facts; a person reads words, not JSON. */
export function ParamsView({ params }: { params: unknown }) {
  const lines = paramLines(params);
  if (lines.length === 0) return null;
  return <dl className="facts params">{lines.map(([name, text]) => [<dt key={`t${name}`}>{name}</dt>, <dd key={`d${name}`}>{text}</dd>])}</dl>;
}
