/** Reads the source code around a line, for findings. */
import { readFileSync, statSync } from 'node:fs';
import type { Place } from '../result/held.ts';
import type { Code } from '../result/leak-result.ts';

/** Lines before and after the line itself. */
const around = 2;
/** Generated files have long lines, and are large. */
const longest = { line: 200, fileBytes: 2_000_000 };
/** A source map can name any file. Only source code is shown. */
const isCode = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;

/** @returns `undefined` if the place is unknown, or its file is not readable */
export function codeAt(place: Place | undefined): Code | undefined {
  if (place === undefined || !isCode.test(place.file)) return undefined;
  try {
    const file = statSync(place.file);
    if (!file.isFile() || file.size > longest.fileBytes) return undefined;
    const all = readFileSync(place.file, 'utf8').split(/\r?\n/);
    if (place.line > all.length) return undefined;
    const firstLine = Math.max(1, place.line - around);
    const lines = all.slice(firstLine - 1, place.line + around);
    return { firstLine, lines: lines.map((line) => line.slice(0, longest.line)) };
  } catch {
    return undefined;
  }
}
