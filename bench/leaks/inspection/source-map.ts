/** Maps the line that runs to the line that was written, if the compiler left a source map. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ScriptPlace } from '../../inspector/script-places.ts';

/** If there are several such lines, the last one counts: ECMA-426, section 11. */
const mention = /^\/\/[#@]\s*sourceMappingURL=(\S+)\s*$/gm;
const maps = new Map<string, { map: SourceMap; base: string } | undefined>();

/**
 * @returns the place in the source, or the same place if there is no map or the map does not cover
 * it
 */
export function originalPlace(place: ScriptPlace): ScriptPlace {
  const found = mapOf(place);
  const entry = found?.map.findEntry(place.line - 1, place.column - 1);
  if (!found || !entry || !('originalSource' in entry)) return place;
  const { originalSource, originalLine, originalColumn } = entry;
  // A bundler can give its sources any name.
  const url = URL.parse(originalSource, found.base)?.href ?? originalSource;
  return { url, line: originalLine + 1, column: originalColumn + 1 };
}

function mapOf({ url, sourceMap }: ScriptPlace) {
  if (!maps.has(url)) maps.set(url, readMap(url, sourceMap));
  return maps.get(url);
}

/**
 * @param known the map URL that the running script declares. It can differ from that in the file,
 * for example if a test runner compiles the file.
 */
function readMap(
  url: string,
  known: string | undefined,
): { map: SourceMap; base: string } | undefined {
  if (!url.startsWith('file:')) return undefined;
  try {
    const reference =
      known ?? [...readFileSync(fileURLToPath(url), 'utf8').matchAll(mention)].at(-1)?.[1];
    if (reference === undefined) return undefined;
    const base = new URL(reference, url);
    const text =
      base.protocol === 'data:'
        ? decodeData(base.pathname)
        : readFileSync(fileURLToPath(base), 'utf8');
    return {
      map: new SourceMap(JSON.parse(text)),
      base: base.protocol === 'data:' ? url : base.href,
    };
  } catch {
    return undefined; // without a readable map, the report names the running place
  }
}

/** `application/json;charset=utf-8;base64,…` */
function decodeData(data: string): string {
  const comma = data.indexOf(',');
  return data.slice(0, comma).endsWith(';base64')
    ? Buffer.from(data.slice(comma + 1), 'base64').toString()
    : decodeURIComponent(data.slice(comma + 1));
}
