/** Texts that may break a rule. One that matches nothing any more fails the test. */

export interface Exception {
  /** The file, or the folder if it ends with `/`. */
  file: string;
  /** The text as the test prints it; without one, every text. */
  text?: string;
  why: string;
}

export const exceptions: readonly Exception[] = [
  {
    file: 'bench/tests/structure/style/',
    why: 'The rules and their examples quote what they forbid.',
  },
  { file: 'bench/cli.ts', text: 'preset', why: 'This is a method of commander.' },
];
