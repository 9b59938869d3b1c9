import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { complaintsOf, valueOf } from './complaint.ts';
import { withEnvironment, withoutEnvironment } from './environment-text.ts';

beforeAll(() => {
  vi.stubEnv('TOKEN', 's3cret$HOME');
  vi.stubEnv('EMPTY', '');
  vi.stubEnv('ABSENT', undefined);
});
afterAll(() => void vi.unstubAllEnvs());

test.each([
  ['Bearer $TOKEN', 'Bearer s3cret$HOME'],
  ['${TOKEN}x$TOKEN', 's3cret$HOMExs3cret$HOME'],
  ['a$$b$$$TOKEN', 'a$b$s3cret$HOME'],
  ['$EMPTY', ''],
  ['$5, $ and $', '$5, $ and $'],
  ['{"price":"$5"}', '{"price":"$5"}'],
])('%s becomes %s', (text, filled) => expect(valueOf(withEnvironment(text))).toBe(filled));

test('names every variable that is not set, and what to do', () =>
  expect(complaintsOf(withEnvironment('$TOKEN $ABSENT ${ABSENT} ${TOKEN:-x} ${1}'))).toEqual([
    '$ABSENT is not set in the environment; set it with export ABSENT=…, or write $$ for a dollar',
    '${ must be followed by a variable and }; write $$ for a dollar',
  ]));

test.each(['pa$s3cret', 'pa$S3CRET', 'pa${S3CRET}', '$s3cret', '$constructor', '$__proto__'])(
  '%s is refused without the text after the dollar, which may be part of a password',
  (text) =>
    expect(complaintsOf(withEnvironment(text))).toEqual([
      'the text after a $ names no variable of the environment; set the variable, or write $$ for a dollar',
    ]),
);

test.each(['$TOKEN', '$$', '${', 'a$b$$'])('%s of a program stays', (text) =>
  expect(valueOf(withEnvironment(withoutEnvironment(text)))).toBe(text),
);
