import {
  IconAlertTriangle, IconArrowRight, IconCheck, IconCircleDot, IconClock, IconEye, IconLock, IconMinus, IconPencil, IconPlayerPause, IconQuestionMark, IconX, type Icon,
} from '@tabler/icons-react';
import { lookOf, type Domain, type Glyph as Name } from '../lib/states';

const icons: Record<Name, Icon> = {
  check: IconCheck, clock: IconClock, alert: IconAlertTriangle, cross: IconX, dot: IconCircleDot, pause: IconPlayerPause, pencil: IconPencil, question: IconQuestionMark,
  arrow: IconArrowRight, lock: IconLock, eye: IconEye, minus: IconMinus,
};

export function Glyph({ name, size = 13 }: { name: Name; size?: number }) {
  const Shape = icons[name];
  return <Shape size={size} stroke={2.2} aria-hidden />;
}

/** A state as icon and word; colour only repeats what both say. */
export function StateBadge({ domain, state }: { domain: Domain; state: string | undefined }) {
  const look = lookOf(domain, state);
  return <span className={`badge tone-${look.tone}`}><Glyph name={look.glyph} size={12} />{look.label}</span>;
}

export function StateIcon({ domain, state }: { domain: Domain; state: string | undefined }) {
  const look = lookOf(domain, state);
  return <span className={`ink-${look.tone}`} title={look.label} role="img" aria-label={look.label}><Glyph name={look.glyph} size={16} /></span>;
}
