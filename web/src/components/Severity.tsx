import type { Finding } from '../api/types';
import { states } from '../lib/states';
import { m } from '../messages';
import { StateBadge } from './Glyph';

function severityLabel(severity: string): string {
  return (states.severity as Record<string, { label: string }>)[severity]?.label.toLowerCase() ?? severity;
}

/** How much a finding matters as it stands. One that was taken back or has ended says only what it was. */
export function Severity({ finding }: { finding: Finding }) {
  if (finding.state !== 'corrected' && finding.state !== 'closed') return <StateBadge domain="severity" state={finding.severity} />;
  return <span className="small dim nowrap">{m.findings.was(severityLabel(finding.severity))}</span>;
}
