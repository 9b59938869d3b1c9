/** Explains why a text is no JMESPath, with the place of the error. */
import { createRequire } from 'node:module';

type Jmespath = typeof import('@jmespath-community/jmespath');

/** Commands that read no path do not load the library. */
const jmespath = (): Jmespath =>
  createRequire(import.meta.url)('@jmespath-community/jmespath') as Jmespath;

/** A key with a hyphen, without quotes. JMESPath subtracts there. */
const hyphenated = /^[\w.]*[a-z_]-[a-z_][\w.-]*$/i;

/**
 * @param example a valid path
 * @returns why a path is invalid, and what to do; `undefined` if it is valid
 */
export function whyNoJmespath(text: string, example: string): string | undefined {
  if (hyphenated.test(text)) {
    const quoted = text.replaceAll(/[\w-]*-[\w-]*/g, (key) => `"${key}"`);
    return `JMESPath subtracts at a hyphen; put the key in double quotes, such as '${quoted}'`;
  }
  const { compile, TreeInterpreter } = jmespath();
  try {
    TreeInterpreter.search(compile(text), null);
  } catch (error) {
    const message = String((error as Error).message);
    if (message.startsWith('Unknown function'))
      return `not a JMESPath: ${message.toLowerCase()}; see jmespath.org for its functions`;
    if ((error as Error).name === 'Error') return undefined; // a type that real data may have
    return `not a JMESPath: ${wrongAt(text, compile)}; give a path such as ${example}`;
  }
  return undefined;
}

/** Describes the first character that no valid path can have there. */
function wrongAt(text: string, compile: (path: string) => unknown): string {
  for (let length = 1; length <= text.length; length++) {
    const start = text.slice(0, length);
    if (!isUnfinished(start, compile))
      return `unexpected ${JSON.stringify(start.at(-1))} at character ${length}`;
  }
  return `it ends too early, after character ${text.length}`;
}

/** Whether a text is a path, or can become one with more characters. */
function isUnfinished(text: string, compile: (path: string) => unknown): boolean {
  const isQuoted = ['"', "'", '`'].some((mark) => text.split(mark).length % 2 === 0);
  if (isQuoted) return true;
  try {
    compile(text);
    return true;
  } catch (error) {
    return /EOF/.test((error as Error).message);
  }
}
