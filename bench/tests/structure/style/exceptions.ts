/** Texts that may break a rule. If an exception matches nothing any more, the test fails. */

export interface Exception {
  file: string;
  /** The text as the test prints it. Without a text, the whole file is excepted. */
  text?: string;
  reason: string;
}

const quotes = 'It quotes what the rules forbid.';

export const exceptions: readonly Exception[] = [
  { file: 'bench/tests/structure/style/beginnings.ts', reason: quotes },
  { file: 'bench/tests/structure/style/terms.ts', reason: quotes },
  { file: 'bench/tests/structure/style/old-forms.ts', reason: quotes },
  { file: 'bench/tests/structure/style/check.test.ts', reason: quotes },
];
