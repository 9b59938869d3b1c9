/** Where functions of another process are written, as V8's debugger knows it. */
import { pathToFileURL } from 'node:url';
import type { InspectorSession } from './inspector-session.ts';

/** A place in a script of the process. Lines and columns from 1. */
export interface ScriptPlace {
  /** A file URL, or `node:…`. */
  url: string;
  line: number;
  column: number;
  /** Where the script says that its source map is, if it is known to say so: a URL, or a path from its own. */
  sourceMap?: string;
}

interface Location {
  scriptId: string;
  lineNumber: number;
  columnNumber: number;
}

/**
 * @returns asks for the places of an array of functions, given as an expression; `undefined` for those that are not
 *   JavaScript, or bound
 */
export function createPlaceFinder({
  send,
  onScript,
  refer,
  inGroup,
  propertiesOf,
}: InspectorSession): (array: string) => Promise<(ScriptPlace | undefined)[]> {
  const scripts = new Map<string, { url: string; sourceMapURL?: string | undefined }>();
  onScript((script) => scripts.set(script.scriptId, script));

  async function placeOf(objectId: string | undefined): Promise<ScriptPlace | undefined> {
    if (objectId === undefined) return undefined;
    const { internalProperties = [] } = await propertiesOf(objectId);
    const found = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value
      ?.value;
    if (!found) return undefined;
    const { scriptId, lineNumber, columnNumber } = found as Location;
    const { url, sourceMapURL } = scripts.get(scriptId) ?? { url: '' };
    return {
      url: url.startsWith('/') ? pathToFileURL(url).href : url,
      line: lineNumber + 1,
      column: columnNumber + 1,
      ...(sourceMapURL && { sourceMap: sourceMapURL }),
    };
  }

  return (array) =>
    inGroup(async (objectGroup) => {
      // The debugger knows the names of scripts. It must not stop at anything meanwhile.
      const [objectId] = await Promise.all([
        refer(array, objectGroup),
        send('Debugger.enable'),
        send('Debugger.setSkipAllPauses', { skip: true }),
      ]);
      const { result } = await propertiesOf(objectId!);
      const elements = result.filter(({ name }) => /^\d+$/.test(name));
      const places = await Promise.all(elements.map(({ value }) => placeOf(value?.objectId)));
      await send('Debugger.disable');
      return places;
    });
}
