/**
 * Names the origin of things as a person would: the first place in their own code, in the source as
 * written.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScriptPlace } from '../../inspector/script-places.ts';
import { placeInFrame } from '../../inspector/stack-frame.ts';
import type { Place } from '../../result/held.ts';
import { originalPlace } from './source-map.ts';

/** Where something was created: the place in the user's code, and the library that created it. */
export interface Origin {
  place: Place | undefined;
  library: Place | undefined;
}

const probe = new URL('../../inspector/probe/', import.meta.url).href;
const isNodes = ({ url }: ScriptPlace) =>
  url === '' || url.startsWith('node:') || url.startsWith(probe);
const isLibrarys = ({ url }: ScriptPlace) => url.includes('/node_modules/');

function named(place: ScriptPlace): Place {
  const { url, line, column } = originalPlace(place);
  return { file: fileOf(url), line, column };
}

/**
 * Returns a path relative to the current folder. A source map can contain any name, so anything
 * else stays as it is.
 */
function fileOf(url: string): string {
  try {
    return url.startsWith('file:') ? relative('.', fileURLToPath(url)) : url;
  } catch {
    return url; // such as a file on another machine
  }
}

/** The place of a function; none if it is part of Node. */
export function originOfFunction(place: ScriptPlace | undefined): Origin {
  return {
    place: place === undefined || isNodes(place) ? undefined : named(place),
    library: undefined,
  };
}

/**
 * The first frame that belongs to neither Node nor a library, and the library frame above it. If
 * every frame belongs to Node or a library, the library frame is the place.
 */
export function originOfStack(stack: string): Origin {
  const frames = stack.split('\n').flatMap((line) => placeInFrame(line) ?? []);
  const theirs = frames.filter((place) => !isNodes(place));
  const own = theirs.find((place) => !isLibrarys(place));
  const [first] = theirs;
  const library = first !== undefined && first !== own ? named(first) : undefined;
  return own ? { place: named(own), library } : { place: library, library: undefined };
}

/** A frame of a Python traceback, which lists the innermost frame last. */
const pythonFrame = /^\s*File "([^"<]+)", line (\d+)/gm;

/**
 * The place at which a program ended by its last output: that of the first frame of a JavaScript
 * stack, or of the last frame of a Python traceback.
 */
export function placeOfCrash(output: string): Place | undefined {
  const { place } = originOfStack(output);
  if (place !== undefined) return place;
  const [, file, line] = [...output.matchAll(pythonFrame)].at(-1) ?? [];
  return file === undefined
    ? undefined
    : { file: file.startsWith('/') ? relative('.', file) : file, line: Number(line), column: 1 };
}
