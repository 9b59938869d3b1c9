/** Finds which variables of another process hold objects, with a snapshot of its heap. */
import { graphOf, type HeapSnapshot } from './heap-snapshot.ts';
import { holderIn } from './holder.ts';
import type { InspectorSession } from './inspector-session.ts';
import { scriptIn, scriptParsed, type ParsedScript, type ScriptPlace } from './script-places.ts';

/** A variable that holds an object. */
export interface Holder {
  /** The variable and the properties that lead to the object; empty if V8 knows no name. */
  names: string[];
  /** Code that uses the variable, and the text of its script; `undefined` if unknown. */
  code: { place: ScriptPlace; source: string } | undefined;
}

/**
 * A snapshot of a larger heap could use up the memory of the machine, which the process needs
 * several times, and would stop the process for long.
 */
const largestHeapBytes = 200e6;

const isProgram = ({ url }: ParsedScript) =>
  !url.startsWith('node:') && url !== '' && !url.includes('/node_modules/');

/**
 * @returns a function that takes an expression for an array of objects, and returns the holder of
 * each; `undefined` if no variable holds it. The snapshot stops the process for about 0.3 s, and for
 * 1 s for each 100 MB of its heap. Returns nothing if the heap is too large for a snapshot.
 */
export function createHolderFinder({
  send,
  on,
  evaluate,
  refer,
  inGroup,
  propertiesOf,
}: InspectorSession): (array: string) => Promise<(Holder | undefined)[]> {
  const scripts = new Map<string, ParsedScript>();
  let chunks: string[] = [];
  on(scriptParsed, (script: ParsedScript) => scripts.set(script.scriptId, script));
  on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }: { chunk: string }) => chunks.push(chunk));

  async function idsOf(array: string, objectGroup: string): Promise<(number | undefined)[]> {
    const { result } = await propertiesOf((await refer(array, objectGroup))!);
    const elements = result.filter(({ name }) => /^\d+$/.test(name));
    return Promise.all(
      elements.map(async ({ value }) => {
        if (value?.objectId === undefined) return undefined;
        const { heapSnapshotObjectId } = await send<{ heapSnapshotObjectId: string }>(
          'HeapProfiler.getHeapObjectId',
          { objectId: value.objectId },
        );
        return Number(heapSnapshotObjectId);
      }),
    );
  }
  async function snapshot(): Promise<HeapSnapshot> {
    chunks = [];
    await send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    const text = chunks.join('');
    chunks = [];
    return JSON.parse(text) as HeapSnapshot;
  }
  const isPreferred = ({ scriptId }: { scriptId: string }) => {
    const script = scripts.get(scriptId);
    return script !== undefined && isProgram(script);
  };

  return (array) =>
    inGroup(async (objectGroup) => {
      const heapBytes = (await evaluate('process.memoryUsage().heapUsed')) as number;
      if (heapBytes > largestHeapBytes) return [];
      await send('Debugger.enable');
      await send('Debugger.setSkipAllPauses', { skip: true });
      try {
        const graph = graphOf(await snapshot());
        // V8 numbers the objects when it takes the snapshot.
        const ids = await idsOf(array, objectGroup);
        const holders: (Holder | undefined)[] = [];
        for (const id of ids) {
          const node = id === undefined ? undefined : graph.nodeOf(id);
          const path = node === undefined ? undefined : holderIn(graph, node, isPreferred);
          if (path === undefined) {
            holders.push(undefined);
            continue;
          }
          const { names, code } = path;
          const script = code && scripts.get(code.scriptId);
          if (!code || !script) {
            holders.push({ names, code: undefined });
            continue;
          }
          const { scriptSource } = await send<{ scriptSource: string }>(
            'Debugger.getScriptSource',
            { scriptId: code.scriptId },
          );
          const place = { ...scriptIn(script), line: code.line + 1, column: code.column + 1 };
          holders.push({ names, code: { place, source: scriptSource } });
        }
        return holders;
      } finally {
        await send('Debugger.disable');
        // V8 would track all objects until the end of the session, and its memory would grow.
        await send('HeapProfiler.disable');
      }
    });
}
