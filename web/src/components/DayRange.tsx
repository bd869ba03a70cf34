import { TextInput } from '@mantine/core';
import { useFilters } from '../lib/filters';

/** Two days in the address. The fields of the browser know every calendar and keyboard. */
export function DayRange({ from, to, labels }: { from: string; to: string; labels: [string, string] }) {
  const [filters, set] = useFilters();
  return (
    <>
      {([[from, labels[0]], [to, labels[1]]] as const).map(([name, label]) => (
        <TextInput key={name} type="date" w={205} aria-label={label} leftSection={<span className="small dim" aria-hidden>{label.split(' ').at(-1)}</span>} leftSectionWidth={48} value={filters[name] ?? ''} onChange={(e) => set({ [name]: e.currentTarget.value || undefined })} />
      ))}
    </>
  );
}
