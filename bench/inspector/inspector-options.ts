/**
 * Predicts where Node would open its inspector, from the options of its process. That is not
 * certain: a program may overwrite its command line (`process.title`), or move its inspector at run
 * time (`inspector.open`).
 */

export interface InspectorOptions {
  host: string;
  /** 0 stands for any free port. */
  port: number;
  /** Inspector options that Node may understand and ssebench does not. */
  unknown: string[];
}

const defaults = { host: '127.0.0.1', port: 9229 };
/**
 * These take `[HOST:]PORT` after `=` or as the next word; the others take it after `=` only, or not
 * at all.
 */
const wantsPlace = new Set(['inspect-port', 'debug-port']);
const atPlace = new Set([
  'inspect',
  'inspect-brk',
  'inspect-brk-node',
  'inspect-wait',
  ...wantsPlace,
]);
/**
 * These do not change the address. `--inspect-publish-uid` without `http` hides the address, from
 * ssebench too.
 */
const harmless =
  /^(experimental-[a-z-]*inspect[a-z-]*|allow-inspector|node-memory-debug|inspect-publish-uid=[a-z,]*http[a-z,]*)$/;
/** Node options whose value is the next word. That word is not the program. */
const wantsValue = new Set(
  (
    '-C -e -p -pe -r --conditions --eval --print --require --import --loader --experimental-loader --env-file --env-file-if-exists ' +
    '--input-type --title --icu-data-dir --openssl-config --disable-warning --redirect-warnings --trace-event-categories ' +
    '--max-http-header-size --dns-result-order --diagnostic-dir --experimental-config-file --watch-path --allow-fs-read ' +
    '--allow-fs-write --unhandled-rejections'
  ).split(' '),
);

/**
 * @param nodeOptions the variable NODE_OPTIONS
 * @param commandLine the words of the process's command line; words after the program belong to the
 * program
 */
export function inspectorOptionsIn(
  nodeOptions: string,
  commandLine: readonly string[],
): InspectorOptions {
  const [first = '', ...words] = commandLine;
  // In Deno's command line, the first word is a command, such as `run`.
  const own = /(^|\/)deno$/.test(first) ? words : nodesOwn(words);
  const found: InspectorOptions = { ...defaults, unknown: [] };
  const all = [...wordsIn(nodeOptions), ...own];
  for (const [place, word] of all.entries()) {
    // In names of options, Node accepts underscores for dashes.
    const [, dashedName, value] = /^--([^=]*)(?:=([^]*))?$/.exec(word) ?? [];
    if (dashedName === undefined || !/inspect|debug/i.test(dashedName)) continue;
    const name = dashedName.replaceAll('_', '-');
    if (harmless.test(value === undefined ? name : `${name}=${value}`)) continue;
    const given = value ?? (wantsPlace.has(name) ? all[place + 1] : '');
    const placed = atPlace.has(name) && given !== undefined ? placeIn(given) : undefined;
    if (placed) Object.assign(found, placed);
    else found.unknown.push(word);
  }
  return found;
}

/** The words before the program. */
function nodesOwn(words: readonly string[]): readonly string[] {
  for (let place = 0; place < words.length; place++) {
    const word = words[place]!;
    if (!word.startsWith('-') || word === '--') return words.slice(0, place);
    if (wantsValue.has(word) || wantsPlace.has(word.replaceAll('_', '-').slice(2))) place++;
  }
  return words;
}

/**
 * Splits at blanks. A blank within quotes belongs to its word, and so does any character after a
 * backslash.
 */
function wordsIn(nodeOptions: string): string[] {
  const words = nodeOptions.match(/(?:"(?:\\[^]|[^"\\])*"?|[^ "])+/g) ?? [];
  return words.map((word) =>
    word.replace(/"((?:\\[^]|[^"\\])*)"?/g, (_, within: string) =>
      within.replace(/\\([^])/g, '$1'),
    ),
  );
}

/**
 * @param text `[HOST:]PORT`, a host alone, or nothing, as Node reads it; omitted parts do not
 * change
 * @returns `undefined` if Node would refuse it
 */
function placeIn(text: string): Partial<typeof defaults> | undefined {
  const bare = (host: string) => /^\[(.*)\]$/.exec(host)?.[1] ?? host;
  if (text === '') return {};
  if (/^\d+$/.test(text)) return portIn(text);
  if (bare(text) !== text || !text.includes(':')) return { host: bare(text), port: defaults.port };
  const [, host, port] = /^([^]*):([^:]*)$/.exec(text)!;
  const placed = portIn(port!);
  return placed && { ...(host !== '' && { host: bare(host!) }), ...placed };
}

const portIn = (text: string) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? { port: Number(text) } : undefined;

/** Whether a host is certainly this machine. */
export const isLoopbackHost = (host: string): boolean =>
  /^127(\.\d{1,3}){3}$/.test(host) || host === '::1' || host.toLowerCase() === 'localhost';
