/** Parses a line of a V8 stack into a place in a script. */
import { pathToFileURL } from 'node:url';
import type { ScriptPlace } from './script-places.ts';

/** `    at name (file:///a.js:1:2)`, `    at async /a (b)/c.js:1:2`. Evaluated code has no file. */
const frame = /^\s*at (?!.*, <anonymous>)(?:.*? \(|async )?((?:file:|node:|\/).*):(\d+):(\d+)\)?$/;

/** @returns `undefined` if the line names no file */
export function placeInFrame(line: string): ScriptPlace | undefined {
  const [, url, row, column] = frame.exec(line) ?? [];
  if (url === undefined) return undefined;
  return {
    url: url.startsWith('/') ? pathToFileURL(url).href : url,
    line: Number(row),
    column: Number(column),
  };
}
