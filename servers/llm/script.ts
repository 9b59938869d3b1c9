/**
 * The script of an answer: what the query of a request says about its length, its times and its
 * faults. The same options hold for every API.
 */

/** The answer of a mock server. */
export interface Script {
  /** Milliseconds from the request to the first chunk. */
  firstMs: number;
  /** Milliseconds between two chunks, and from the last chunk to the end. */
  everyMs: number;
  /** Tokens of the answer, without the reasoning. */
  tokens: number;
  /** Tokens of reasoning before the answer. */
  reasoning: number;
  /** Tokens in one chunk. The last chunk of a channel has the rest. */
  perChunk: number;
  /** Sends the API's error event after this many tokens; `null` sends none. */
  errorAfter: number | null;
  /** An additional pause in milliseconds, before the first chunk that follows `stallAfter` tokens. */
  stallMs: number;
  stallAfter: number;
  /** Whether the answer reports its tokens. `api`: as the API does for this request. */
  usage: 'api' | 'yes' | 'no';
  /** Whether the answer ends with the end marker of its API. */
  hasEnd: boolean;
  lineEnd: '\n' | '\r\n' | '\r';
  /** The content of the first chunk, which names the role. `none`: there is no such chunk. */
  role: 'empty' | 'null' | 'none';
  /** The key that the request must have; `null` accepts any request. */
  key: string | null;
}

interface ScriptOption {
  /** The range of a whole number, or the words; a text if absent. */
  values?: readonly [min: number, max: number] | readonly string[];
  /** The value without the option, as the documentation shows it. */
  fallback: string;
  /** One line for people. */
  about: string;
  /** The option is only for APIs that list it. */
  isSpecial?: true;
}

const longestMs = 2 ** 31 - 1; // the longest delay of a Node timer
const most = 1_000_000;

/** Each option, in the order of the documentation. */
export const scriptOptions = {
  first: {
    values: [0, longestMs],
    fallback: '300',
    about: 'ms from the request to the first chunk',
  },
  every: {
    values: [0, longestMs],
    fallback: '20',
    about: 'ms between two chunks, and from the last chunk to the end',
  },
  tokens: { values: [0, most], fallback: '50', about: 'tokens of the answer' },
  reasoning: {
    values: [0, most],
    fallback: '0',
    about: 'tokens of reasoning before the answer',
    isSpecial: true,
  },
  chunk: { values: [1, most], fallback: '1', about: 'tokens in one chunk' },
  error: { values: [0, most], fallback: 'none', about: 'an error event after this many tokens' },
  stall: { values: [0, longestMs], fallback: '0', about: 'ms of an additional pause' },
  'stall-after': {
    values: [0, most],
    fallback: '1',
    about: 'the tokens before the pause of `stall`',
  },
  end: {
    values: ['marker', 'none'],
    fallback: 'marker',
    about: '`none`: the answer ends without the end marker of its API',
  },
  eol: { values: ['lf', 'crlf', 'cr'], fallback: 'lf', about: 'how lines end' },
  usage: {
    values: ['yes', 'no'],
    fallback: 'as the API',
    about: 'whether the answer reports its tokens',
    isSpecial: true,
  },
  role: {
    values: ['empty', 'null', 'none'],
    fallback: 'empty',
    about: 'content of the first chunk, which names the role; `none`: no such chunk',
    isSpecial: true,
  },
  key: { fallback: 'none', about: 'the API key that requests must have' },
} as const satisfies Readonly<Record<string, ScriptOption>>;

/** The name of an option. */
export type ScriptOptionName = keyof typeof scriptOptions;
/** The name of an option that only some APIs have. */
export type SpecialOption = {
  [name in ScriptOptionName]: (typeof scriptOptions)[name] extends { isSpecial: true }
    ? name
    : never;
}[ScriptOptionName];

const all: Readonly<Record<string, ScriptOption>> = scriptOptions;
const lineEnds = { lf: '\n', crlf: '\r\n', cr: '\r' } as const;

/**
 * Reads the script from the query of a request.
 *
 * @param special the options of this API that not every API has
 * @returns the script, or `problem`: one sentence for each bad parameter
 */
export function readScript(
  query: URLSearchParams,
  special: readonly SpecialOption[],
): { script: Script; problem?: undefined } | { script?: undefined; problem: string } {
  const problems = [...new Set(query.keys())].flatMap(
    (name) => whyWrong(name, query.getAll(name), special) ?? [],
  );
  const text = (name: ScriptOptionName): string => query.get(name) ?? all[name]!.fallback;
  const number = (name: ScriptOptionName): number => Number(text(name));
  const script: Script = {
    firstMs: number('first'),
    everyMs: number('every'),
    tokens: number('tokens'),
    reasoning: number('reasoning'),
    perChunk: number('chunk'),
    errorAfter: query.has('error') ? number('error') : null,
    stallMs: number('stall'),
    stallAfter: number('stall-after'),
    usage: query.has('usage') ? (text('usage') as 'yes' | 'no') : 'api',
    hasEnd: text('end') === 'marker',
    lineEnd: lineEnds[text('eol') as keyof typeof lineEnds],
    role: text('role') as Script['role'],
    key: query.get('key'),
  };
  const total = script.reasoning + script.tokens;
  for (const name of ['error', 'stall-after'] as const)
    if (query.has(name) && problems.length === 0 && number(name) > total)
      problems.push(
        `${name}=${number(name)}: the answer has only ${total} tokens; give at most that`,
      );
  return problems.length === 0 ? { script } : { problem: problems.join('\n') };
}

/** @returns why the option or its value is refused, or `undefined` */
function whyWrong(
  name: string,
  given: readonly string[],
  special: readonly string[],
): string | undefined {
  const option = Object.hasOwn(all, name) ? all[name]! : undefined;
  const names = Object.keys(all).filter((one) => !all[one]!.isSpecial || special.includes(one));
  if (option === undefined || !names.includes(name))
    return `${name}: not an option of this API; its options are ${names.join(', ')}`;
  const [text, ...others] = given as [string, ...string[]];
  if (others.length > 0) return `${name}: given ${given.length} times; give it once`;
  if (option.values === undefined)
    return text === '' ? `${name}: is empty; give a text, or leave it out` : undefined;
  const [least, largest] = option.values;
  if (typeof least === 'string')
    return (option.values as readonly string[]).includes(text)
      ? undefined
      : `${name}=${text}: must be one of ${option.values.join(', ')}`;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= (largest as number)
    ? undefined
    : `${name}=${text}: must be one whole number from ${least} to ${largest}`;
}
