/** Where things come from, as a person would name it: the first place in their own code, as they wrote it. */
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ScriptPlace } from '../../target/inspect.ts';
import type { Place } from '../../measure/held.ts';
import { originalPlace } from './source-map.ts';

/** Where something was created: in whose code, and by which library. */
export interface Origin {
  place: Place | undefined;
  library: Place | undefined;
}

const isNodes = ({ url }: ScriptPlace) => url === '' || url.startsWith('node:') || url.endsWith('/probe/probe.cjs');
const isLibrarys = ({ url }: ScriptPlace) => url.includes('/node_modules/');

/** Files are named from where we are. */
function named(place: ScriptPlace): Place {
  const { url, line, column } = originalPlace(place);
  return { file: url.startsWith('file:') ? relative('.', fileURLToPath(url)) : url, line, column };
}

/** A function's own place: none where it is a part of Node. */
export function originOfFunction(place: ScriptPlace | undefined): Origin {
  return { place: place === undefined || isNodes(place) ? undefined : named(place), library: undefined };
}

/** A line of a stack as V8 writes it: `    at name (file:///a.js:1:2)`, `    at /a.js:1:2`. */
const frame = /(?:\(|at (?:async )?)((?:file:|node:|\/)[^()]*?):(\d+):(\d+)\)?$/;

/** The first frame that is neither Node's nor a library's, and the library's above it; a library's own where there is no other. */
export function originOfStack(stack: string): Origin {
  const frames = stack.split('\n').flatMap((line): ScriptPlace[] => {
    const [, url, row, column] = frame.exec(line) ?? [];
    if (url === undefined) return [];
    return [{ url: url.startsWith('/') ? pathToFileURL(url).href : url, line: Number(row), column: Number(column) }];
  });
  const theirs = frames.filter((place) => !isNodes(place));
  const own = theirs.find((place) => !isLibrarys(place));
  const [first] = theirs;
  const library = first !== undefined && first !== own ? named(first) : undefined;
  return own ? { place: named(own), library } : { place: library, library: undefined };
}
