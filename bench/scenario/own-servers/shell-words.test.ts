import { expect, test } from 'vitest';
import { complaintsOf, valueOf } from '../complaint.ts';
import { splitWords } from './shell-words.ts';

test.each<[string, string[]]>([
  ['node', ['node']],
  ['  node   dist/server.js\t--port 3000 ', ['node', 'dist/server.js', '--port', '3000']],
  [`node -e 'a | b' "c d"`, ['node', '-e', 'a | b', 'c d']],
  [`node a' 'b" "c\\ d`, ['node', 'a b c d']],
  [`node "say \\"hi\\" \\n" ''`, ['node', 'say "hi" \\n', '']],
  ['node --a=b~c#d! x}y]', ['node', '--a=b~c#d!', 'x}y]']],
])('%j is split into %j', (text, words) => expect(valueOf(splitWords(text))).toEqual(words));

test.each<[string, string]>([
  ['', 'has no program'],
  ["''", 'has no program'],
  ['npm run build && npm start', 'has &&, which only a shell understands'],
  ['a | b', 'has |, which'],
  ['a|b', 'has |, which'],
  ['a > log', 'has >, which'],
  ['a; b', 'has ;, which'],
  ['a &', 'has &, which'],
  ['node $FILE', 'has $, which'],
  ['node "$(cat x)"', 'has $(, which'],
  ['node `cat x`', 'has `, which'],
  ['node dist/*.js', 'has *, which'],
  ['node {a,b}.js', 'has {, which'],
  ['~/server', 'has ~, which'],
  ['node # comment', 'has #, which'],
  ["node 'a", "has a quote (') without its end; close it"],
  ['node a"b', 'has a quote (") without its end; close it'],
  ['node \\', 'ends with a backslash that escapes nothing; leave it out'],
  ['node\nserver.js', 'has several lines, but a command is one line; join them'],
  ['TOKEN=abc node', 'begins with a variable; give it as env, such as { "TOKEN": "…" }'],
])('%j is refused, and the reason shows no other word', (text, reason) => {
  const [complaint] = complaintsOf(splitWords(text));
  expect(complaint).toContain(reason);
  expect(complaint).not.toMatch(/abc|log|cat/);
});
