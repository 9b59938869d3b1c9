/** From the line that runs to the line that was written, where a compiler left a source map. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ScriptPlace } from '../../inspector/script-places.ts';

/** The last line of that form counts: ECMA-426, section 11. */
const mention = /^\/\/[#@]\s*sourceMappingURL=(\S+)\s*$/gm;
const maps = new Map<string, { map: SourceMap; base: string } | undefined>();

/** The place in the source; the same place where there is no map, or none of that line. */
export function originalPlace(place: ScriptPlace): ScriptPlace {
  const found = mapOf(place);
  const entry = found?.map.findEntry(place.line - 1, place.column - 1);
  if (!found || !entry || !('originalSource' in entry)) return place;
  const { originalSource, originalLine, originalColumn } = entry;
  const url = URL.parse(originalSource, found.base)?.href ?? originalSource; // a bundler may call its sources anything
  return { url, line: originalLine + 1, column: originalColumn + 1 };
}

function mapOf({ url, sourceMap }: ScriptPlace) {
  if (!maps.has(url)) maps.set(url, readMap(url, sourceMap));
  return maps.get(url);
}

/** @param told what the script that runs says of it: it need not be what the file says, as where a test runner compiles it */
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
    return undefined; // a map that is missing or broken hides nothing: the place that runs is named instead
  }
}

/** `application/json;charset=utf-8;base64,…` */
function decodeData(data: string): string {
  const comma = data.indexOf(',');
  return data.slice(0, comma).endsWith(';base64')
    ? Buffer.from(data.slice(comma + 1), 'base64').toString()
    : decodeURIComponent(data.slice(comma + 1));
}
