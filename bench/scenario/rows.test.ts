import { describe, expect, test } from 'vitest';
import { complaintsOf, valueOf } from './complaint.ts';
import { columnsInWords, readRows } from './rows.ts';

describe('CSV', () => {
  test.each([
    [
      'user,token\nalice,1\nbob,2',
      [
        { user: 'alice', token: '1' },
        { user: 'bob', token: '2' },
      ],
    ],
    ['\uFEFFuser\r\nalice\r\n', [{ user: 'alice' }]],
    ['a,b\n"1,5","say ""hi"""\n', [{ a: '1,5', b: 'say "hi"' }]],
    ['a,b\n"two\r\nlines",\n', [{ a: 'two\r\nlines', b: '' }]],
    ['a\n1\n\n2\n', [{ a: '1' }, { a: '2' }]],
    ['a\n""\n', [{ a: '' }]],
    ['a,b\n, \n', [{ a: '', b: ' ' }]],
  ])('%j is read', (text, rows) => expect(valueOf(readRows(text))).toEqual(rows));

  test.each([
    ['user,token\n', ['has no rows after its first line']],
    ['a,b\n1\n1,2\n1,2,3\n', ['line 2: has 1 value for 2 columns', 'line 4: has 3 values for 2']],
    ['a\n"x\ny', ['line 2: a double quote is not closed']],
    ['a,b\n1,"x"y\n', ['line 2: a double quote is not closed, or stands within a value']],
    ['a\nfine\n5" nail\n', ['line 3: a double quote']],
    ['a,a\n1,2\n', ['line 1: names the column a twice']],
    ['a,\n1,2\n', ['line 1: a column has no name']],
    ['a, b\n1,2\n', ['line 1: the name of a column has spaces around it']],
    ['i\n1\n', ['line 1: {{i}} is the number of the stream']],
    [
      `a,b\n${'1\n'.repeat(9)}`,
      ['line 2: ', 'line 3: ', 'line 4: ', 'and 6 more; correct these first'],
    ],
  ])('%j is refused', (text, complaints) =>
    expect(complaintsOf(readRows(text))).toEqual(
      complaints.map((complaint) => expect.stringContaining(complaint)),
    ),
  );

  test('of 100,000 rows is read', () => {
    const text = `user,token\n${Array.from({ length: 100_000 }, (_, row) => `u${row},"t,${row}"`).join('\n')}`;
    expect(valueOf(readRows(text)).at(-1)).toEqual({ user: 'u99999', token: 't,99999' });
  });
});

describe('JSON lines', () => {
  test('are read, with numbers and booleans as text', () =>
    expect(valueOf(readRows('{"user":"alice","age":7}\n\n{"age":8,"user":true}\r\n'))).toEqual([
      { user: 'alice', age: '7' },
      { user: 'true', age: '8' },
    ]));

  test('are refused with all complaints', () =>
    expect(complaintsOf(readRows('{"user":"alice"}\n{"user":\n{"name":"s3cret"}\n'))).toEqual([
      'line 2: is not valid JSON; write one object in each line, such as {"user":"alice"}',
      'line 3: lacks user; give each line the same names',
    ]));

  test.each(['[{"user":"alice"}]', '\n[\n  {"user":"alice"}\n]', '[[1]]', '[]'])(
    'a list of them is refused: %j',
    (text) =>
      expect(complaintsOf(readRows(text))).toEqual([
        'is a JSON list; write one object in each line, such as {"user":"alice"}',
      ]),
  );

  test.each([
    ['{"user":null}', 'line 1: user: must be text, a number, true or false'],
    ['{}\n[1]', 'line 2: must be an object, such as {"user":"alice"}'],
    ['{"i":1}', '{{i}} is the number of the stream; give the column i another name'],
  ])('%j is refused', (text, complaint) =>
    expect(complaintsOf(readRows(text))).toEqual([complaint]),
  );
});

test('complaints contain no values', () => {
  const texts = [
    's3cret one,s3cret two,s3cret one\n"s3cret',
    '{"user":"s3cret",}',
    '{"s3cret 1":[]}',
  ];
  for (const text of texts) expect(complaintsOf(readRows(text)).join()).not.toMatch(/s3cret/);
});

test('columns are shown if they look like names', () =>
  expect(columnsInWords(['user', 'user_id', 'room.name', 'token2', 's3cret', 'a b', '12'])).toBe(
    'user, user_id, room.name, token2, hidden, hidden, hidden',
  ));
