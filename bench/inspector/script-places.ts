/** Finds where functions of another process are defined, and where its generators wait. */
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

/** A script that V8 has parsed, as the debugger reports it. */
export interface ParsedScript {
  scriptId: string;
  url: string;
  sourceMapURL?: string | undefined;
}
/** The event that reports each script once the debugger is enabled. */
export const scriptParsed = 'Debugger.scriptParsed';

/** The script as a place refers to it. */
export const scriptIn = ({ url, sourceMapURL }: Omit<ParsedScript, 'scriptId'>) => ({
  url: url.startsWith('/') ? pathToFileURL(url).href : url,
  ...(sourceMapURL && { sourceMap: sourceMapURL }),
});

interface Location {
  scriptId: string;
  lineNumber: number;
  columnNumber: number;
}

/**
 * @returns a function that takes an expression for an array of functions and generators. It returns
 * their places; `undefined` for a function that is not JavaScript or is bound, and for a generator
 * that has ended
 */
export function createPlaceFinder({
  send,
  on,
  refer,
  inGroup,
  propertiesOf,
}: InspectorSession): (array: string) => Promise<(ScriptPlace | undefined)[]> {
  const scripts = new Map<string, ParsedScript>();
  on(scriptParsed, (script: ParsedScript) => scripts.set(script.scriptId, script));

  async function placeOf(objectId: string | undefined): Promise<ScriptPlace | undefined> {
    if (objectId === undefined) return undefined;
    const { internalProperties = [] } = await propertiesOf(objectId);
    const found = internalProperties.find(
      ({ name }) => name === '[[FunctionLocation]]' || name === '[[GeneratorLocation]]',
    )?.value?.value;
    if (!found) return undefined;
    const { scriptId, lineNumber, columnNumber } = found as Location;
    const script = scriptIn(scripts.get(scriptId) ?? { url: '' });
    return { ...script, line: lineNumber + 1, column: columnNumber + 1 };
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
