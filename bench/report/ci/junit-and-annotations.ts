/** Output of `ssebench leaks` for CI systems: JUnit XML, and annotations on the lines that leak. */
import {
  isClean,
  type LeaksResult,
  type ModeResult,
  type ServerVerdict,
} from '../../result/leak-result.ts';
import { workflowProperty, workflowText, xmlText } from '../shared/escape.ts';
import { leakText } from '../shared/leak-words.ts';

/**
 * A test suite for each server with a test case for each disconnect mode, in the form that Jenkins,
 * GitLab and GitHub actions read.
 */
export function junitReport({ servers, startedAt }: LeaksResult): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="ssebench leaks">',
    ...servers.map((server) => suite(server, startedAt)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite({ server, state, reason, modes }: ServerVerdict, startedAt: string): string {
  const failures = modes.filter((mode) => !isClean(mode)).length;
  const couldNot = state === 'not inspected';
  const attributes = `name="${xmlText(server)}" tests="${couldNot ? 1 : modes.length}" failures="${failures}" errors="${couldNot ? 1 : 0}" skipped="${modes.filter(({ skipped }) => skipped !== null).length}" timestamp="${xmlText(startedAt)}"`;
  const cases = couldNot
    ? [
        `    <testcase classname="${xmlText(server)}" name="not inspected"><error message="${xmlText(reason ?? '')}"/></testcase>`,
      ]
    : modes.map((mode) => testCase(server, mode));
  return [`  <testsuite ${attributes}>`, ...cases, '  </testsuite>'].join('\n');
}

function testCase(server: string, mode: ModeResult): string {
  const head = `    <testcase classname="${xmlText(server)}" name="${xmlText(mode.about)}"`;
  if (mode.skipped !== null)
    return `${head}><skipped message="${xmlText(mode.skipped)}"/></testcase>`;
  if (isClean(mode)) return `${head}/>`;
  const failures = wrongIn(mode).map(({ text }) => `      <failure message="${xmlText(text)}"/>`);
  return [`${head}>`, ...failures, '    </testcase>'].join('\n');
}

function wrongIn({
  leaks,
  unexpected,
}: ModeResult): { text: string; file?: string; line?: number }[] {
  return [
    ...leaks.map((leak) => ({
      text: leakText(leak),
      ...(leak.place && { file: leak.place.file, line: leak.place.line }),
    })),
    ...unexpected.map((text) => ({ text })),
  ];
}

/**
 * Commands for GitHub's runner, which shows them at the source lines. See "Workflow commands for
 * GitHub Actions", `error`.
 */
export function githubAnnotations({ servers }: LeaksResult): string[] {
  return servers.flatMap(({ server, state, reason, modes }) => {
    if (state === 'not inspected')
      return [
        `::error title=ssebench leaks::${workflowText(`${server}: not inspected: ${reason}`)}`,
      ];
    return modes.flatMap((mode) =>
      wrongIn(mode).map(({ text, file, line }) => {
        const place = file === undefined ? '' : `file=${workflowProperty(file)},line=${line},`;
        return `::error ${place}title=ssebench leaks::${workflowText(`${server}, ${mode.about}: ${text}`)}`;
      }),
    );
  });
}
