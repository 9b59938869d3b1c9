/** Describes the data of an event without its values, which may be secret. */
import { textWithoutSecrets } from '../../scenario/secrets.ts';

const mostCharacters = 160;
const mostKeys = 12;
const mostDepth = 3;
const longestKey = 40;

/** @returns the keys and types of JSON data, such as `{seq: number, user: {name: text}}` */
export function shapeOf(data: string): string {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return `text of ${data.length} characters, which is not JSON`;
  }
  const shape = typeOf(value, 0);
  return shape.length > mostCharacters ? `${shape.slice(0, mostCharacters)}…` : shape;
}

function typeOf(value: unknown, depth: number): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text';
  if (typeof value !== 'object') return typeof value;
  if (depth === mostDepth) return '…';
  if (Array.isArray(value))
    return value.length === 0
      ? '[]'
      : `[${typeOf(value[0], depth + 1)}${value.length > 1 ? ', …' : ''}]`;
  const keys = Object.entries(value);
  const shown = keys
    .slice(0, mostKeys)
    .map(([key, each]) => `${shownKey(key)}: ${typeOf(each, depth + 1)}`);
  return `{${[...shown, ...(keys.length > mostKeys ? ['…'] : [])].join(', ')}}`;
}

/** A key may be a token too, such as a session id. */
const shownKey = (key: string) =>
  textWithoutSecrets(key.length > longestKey ? `${key.slice(0, longestKey)}…` : key);
