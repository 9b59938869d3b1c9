/** The tables of the mock servers, for `servers/README.md`. */
import { apis } from '../servers/llm/apis.ts';
import { scriptOptions } from '../servers/llm/script.ts';

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The APIs and their paths. */
export const mockApisSection = (): string =>
  [
    row(['API', 'path', 'key']),
    row(['---', '---', '---']),
    ...apis.map(({ api, path, keyHeader }) =>
      row([`\`${api}\``, `\`${path}\``, `\`${keyHeader}\``]),
    ),
  ].join('\n');

/** The options of the query, in the order of their table. */
export const mockOptionsSection = (): string =>
  [
    row(['option', 'values', 'without it', 'meaning', 'APIs']),
    row(['---', '---', '---', '---', '---']),
    ...Object.entries(scriptOptions).map(([name, option]) =>
      row([
        `\`${name}\``,
        'values' in option ? valuesOf(option.values) : 'a text',
        option.fallback,
        option.about,
        apisWith(name),
      ]),
    ),
  ].join('\n');

const valuesOf = (values: readonly (string | number)[]): string =>
  typeof values[0] === 'number'
    ? values.join(' to ')
    : values.map((value) => `\`${value}\``).join(', ');

function apisWith(name: string): string {
  const option = (scriptOptions as Readonly<Record<string, object>>)[name]!;
  if (!('isSpecial' in option)) return 'all';
  const having = apis.filter(({ special }) => special.some((each) => each === name));
  const lacking = apis.filter((api) => !having.includes(api));
  const names = (some: typeof apis) => some.map(({ api }) => `\`${api}\``).join(', ');
  return lacking.length === 1 ? `all but ${names(lacking)}` : names(having);
}
