/** Where things come from, as a person would name it: the first place in their own code, as they wrote it. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScriptPlace } from '../../inspector/script-places.ts';
import { placeInFrame } from '../../inspector/stack-frame.ts';
import type { Place } from '../../result/held.ts';
import { originalPlace } from './source-map.ts';

/** Where something was created: in whose code, and by which library. */
export interface Origin {
  place: Place | undefined;
  library: Place | undefined;
}

const isNodes = ({ url }: ScriptPlace) =>
  url === '' || url.startsWith('node:') || url.endsWith('/probe/probe.cjs');
const isLibrarys = ({ url }: ScriptPlace) => url.includes('/node_modules/');

function named(place: ScriptPlace): Place {
  const { url, line, column } = originalPlace(place);
  return { file: fileOf(url), line, column };
}

/** Files are named from where we are. A source map may name anything. */
function fileOf(url: string): string {
  try {
    return url.startsWith('file:') ? relative('.', fileURLToPath(url)) : url;
  } catch {
    return url; // such as a file of another machine
  }
}

/** A function's own place: none where it is a part of Node. */
export function originOfFunction(place: ScriptPlace | undefined): Origin {
  return {
    place: place === undefined || isNodes(place) ? undefined : named(place),
    library: undefined,
  };
}

/** The first frame that is neither Node's nor a library's, and the library's above it; a library's own where there is no other. */
export function originOfStack(stack: string): Origin {
  const frames = stack.split('\n').flatMap((line) => placeInFrame(line) ?? []);
  const theirs = frames.filter((place) => !isNodes(place));
  const own = theirs.find((place) => !isLibrarys(place));
  const [first] = theirs;
  const library = first !== undefined && first !== own ? named(first) : undefined;
  return own ? { place: named(own), library } : { place: library, library: undefined };
}
