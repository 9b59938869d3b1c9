/** Finds where functions of another process are defined, through V8's debugger. */
import { pathToFileURL } from 'node:url';
import type { InspectorSession } from './inspector-session.ts';

/** A place in a script of the process. Lines and columns start at 1. */
export interface ScriptPlace {
  /** A file URL, or `node:…`. */
  url: string;
  line: number;
  column: number;
  /**
   * The address of the source map according to the script, if known: a URL, or a path relative to
   * the script.
   */
  sourceMap?: string;
}

interface Location {
  scriptId: string;
  lineNumber: number;
  columnNumber: number;
}

/**
 * @returns a function that takes an expression for an array of functions and returns their places;
 * `undefined` for a function that is not JavaScript, or is bound
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
      // The debugger knows the names of scripts. It must not pause the program meanwhile.
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
