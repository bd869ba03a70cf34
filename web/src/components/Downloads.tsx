import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { urlOf, type PathOf, type Query } from '../api/client';

/** The list as a file, by the filters as they stand. A plain link: the browser shows its progress and keeps its name. */
export function Download({ path, query, label, name }: { path: PathOf<'get'>; query?: Query; label: string; name?: string }) {
  return <Button component="a" href={urlOf(path, query)} download variant="default" size="xs" style={{ flexShrink: 0 }} leftSection={<IconDownload size={14} aria-hidden />} {...(name ? { 'aria-label': name } : {})}>{label}</Button>;
}
