/** The versions of the Model Context Protocol, and what each requires in the headers of a request. */
import type { IncomingHttpHeaders } from 'node:http';

/** The versions that the mock server supports, the newest first. */
export const versions = ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26'] as const;
export type Version = (typeof versions)[number];

/** @returns the version of a request, or `undefined` if it is not supported */
export function versionOf(header: string | string[] | undefined): Version | undefined {
  // The header is newer than this version.
  if (header === undefined) return '2025-03-26';
  return versions.find((version) => version === header);
}

/** Methods with a name that a header must repeat, and the parameter that has it. */
const nameOf: Readonly<Record<string, 'name' | 'uri'>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/**
 * Since 2026-07-28, headers repeat the method, the name and the version of the body.
 *
 * @returns a sentence for each header that does not, or `undefined`
 */
export function whyWrongMetadata(
  version: Version,
  headers: IncomingHttpHeaders,
  body: Readonly<Record<string, unknown>>,
): string | undefined {
  if (version !== '2026-07-28' || body.id === undefined) return undefined;
  const params = (body.params ?? {}) as Readonly<Record<string, unknown>>;
  const meta = (params._meta ?? {}) as Readonly<Record<string, unknown>>;
  const named = nameOf[String(body.method)];
  const pairs: readonly (readonly [header: string, expected: unknown])[] = [
    ['mcp-method', body.method],
    ...(named === undefined ? [] : [['mcp-name', params[named]] as const]),
    ['mcp-protocol-version', meta['io.modelcontextprotocol/protocolVersion']],
  ];
  const wrong = pairs.filter(([name, expected]) => decoded(headers[name]) !== expected);
  if (wrong.length === 0) return undefined;
  return wrong
    .map(
      ([name, expected]) =>
        `the header ${name} is ${show(headers[name])}, but the body has ${show(expected)}`,
    )
    .join('; ');
}

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** A value that is no plain ASCII is sent as `=?base64?…?=`. */
function decoded(value: string | string[] | undefined): string | undefined {
  const text = value?.toString();
  const encoded = /^=\?base64\?(.*)\?=$/.exec(text ?? '')?.[1];
  return encoded === undefined ? text : Buffer.from(encoded, 'base64').toString();
}
