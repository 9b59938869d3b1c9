import { describe, expect, test } from 'vitest';
import { additionIn, declarationIn } from './source-lines.ts';

const program = `
import { sessions } from './other.ts';
// const visits = 1;
const rooms = new Map(), visits = new Map<string, number>();
let { sent = [] } = {};
class Hub {
  readonly clients: Set<Client> = new Set();
  #log = [];
  constructor(private readonly topics = new Map()) {
    this.later = new Set();
  }
}
visits.set(1, 2);
other_visits.set(3, 4);
hub.clients.add(client);
hub.clients.add(another);
sent.push(1);
if (visits === rooms) rooms.get(1);
`;
const lineOf = (text: string) => program.split('\n').findIndex((line) => line.includes(text)) + 1;

describe('the declaration of', () => {
  test.each([
    ['a variable', ['rooms'], 'const rooms'],
    ['a second variable', ['visits'], 'const rooms'],
    ['a pattern', ['sent'], 'let { sent'],
    ['a field', ['hub', 'clients'], 'readonly clients'],
    ['a private field', ['hub', '#log'], '#log ='],
    ['an assigned field', ['hub', 'later'], 'this.later'],
    ['a parameter property', ['hub', 'topics'], 'constructor('],
  ])('%s is found', (_what, names, text) => {
    expect(declarationIn(program, names)?.line).toBe(lineOf(text));
  });

  test.each([
    ['an unknown name', ['nothing']],
    ['an element', ['rooms', '[…]']],
    ['no name', []],
  ])('%s is not found', (_what, names) => expect(declarationIn(program, names)).toBeUndefined());
});

describe('the line that adds entries', () => {
  test('is found if there is only one', () => {
    expect(additionIn(program, ['visits'], 'Map')).toEqual({
      line: lineOf('visits.set(1'),
      column: 1,
    });
    expect(additionIn(program, ['sent'], 'array')?.line).toBe(lineOf('sent.push'));
  });

  test('is not found if there are several, or none', () => {
    expect(additionIn(program, ['hub', 'clients'], 'Set')).toBeUndefined();
    expect(additionIn(program, ['rooms'], 'Map')).toBeUndefined();
  });
});
