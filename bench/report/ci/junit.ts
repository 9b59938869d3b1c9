/** JUnit XML, in the form that Jenkins, GitLab and GitHub actions read. */
import { xmlText } from '../shared/escape.ts';
import { countOf, type CiCase, type CiReport, type CiSuite } from './ci-report.ts';

export function junitReport({ command, suites, startedAt }: CiReport): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ssebench ${command}">`,
    ...suites.map((suite) => suiteText(suite, startedAt)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteText({ name, cases, tookMs }: CiSuite, startedAt: string): string {
  const attributes = attributesOf({
    name,
    tests: cases.length,
    failures: countOf(cases, 'failure'),
    errors: countOf(cases, 'error'),
    skipped: countOf(cases, 'skipped') + countOf(cases, 'untested'),
    time: secondsOf(tookMs),
    timestamp: startedAt,
  });
  return [
    `  <testsuite${attributes}>`,
    ...cases.map((each) => caseText(name, each)),
    '  </testsuite>',
  ].join('\n');
}

function caseText(suite: string, { name, state, problems, tookMs }: CiCase): string {
  const place = problems.find((problem) => problem.place !== undefined)?.place;
  const attributes = attributesOf({
    classname: suite,
    name,
    time: secondsOf(tookMs),
    file: place?.file,
    line: place?.line,
  });
  if (problems.length === 0) return `    <testcase${attributes}/>`;
  const element = state === 'untested' ? 'skipped' : state;
  return [
    `    <testcase${attributes}>`,
    // GitLab shows only the content, and Jenkins first the message.
    ...problems.map(
      ({ text }) => `      <${element} message="${xmlText(text)}">${xmlText(text)}</${element}>`,
    ),
    '    </testcase>',
  ].join('\n');
}

const secondsOf = (ms: number | null) => (ms === null ? undefined : (ms / 1_000).toFixed(3));

/** ` name="value"` for each; those without a value are left out. */
const attributesOf = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : ` ${name}="${xmlText(String(value))}"`))
    .join('');
