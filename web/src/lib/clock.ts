/**
 * The product's clock as the server last told it: a demo moves it through a month, and distances such as "due in two
 * hours" must follow it and not the wall.
 */
let offset = 0;

export function setClock(serverNow: string | undefined): void {
  const at = Date.parse(serverNow ?? '');
  if (!Number.isNaN(at)) offset = at - Date.now();
}

export const productNow = () => Date.now() + offset;
