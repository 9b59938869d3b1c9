/** Names of servers that fit beside a chart. Pure. */

/** In characters. */
const most = 24;
const ellipsis = '…';

/**
 * Shortens names to at most 24 characters. Different names stay different: where no cut keeps the
 * difference, names begin with their place in the list.
 */
export function shortNames(names: readonly string[]): string[] {
  const bare = names.map((name) => name.replace(/^https?:\/\//, ''));
  const start = commonStart(bare.filter(({ length }) => length > most));
  const cuts = [middleCut, (name: string) => cutBefore(name, start)];
  const attempts = cuts.map((cut) => bare.map((name) => (name.length > most ? cut(name) : name)));
  return (
    attempts.find((short) => new Set(short).size === names.length) ??
    bare.map((name, place) => middleCut(`${place + 1}: ${name}`))
  );
}

/** Keeps the beginning and the end. */
function middleCut(name: string): string {
  if (name.length <= most) return name;
  const kept = most - ellipsis.length;
  const head = Math.floor(kept / 2);
  return `${name.slice(0, head)}${ellipsis}${name.slice(head - kept)}`;
}

/** Keeps what follows the beginning that all long names share. */
function cutBefore(name: string, start: number): string {
  const rest = name.slice(start);
  const kept = most - 2 * ellipsis.length;
  return `${ellipsis}${rest.length > kept ? `${rest.slice(0, kept)}${ellipsis}` : rest}`;
}

function commonStart([first = '', ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length]))
    length++;
  return length;
}
