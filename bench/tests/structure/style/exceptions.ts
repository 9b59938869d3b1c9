/** Texts that may break a rule, each with the reason. One that no longer matches fails the test. */

export interface Exception {
  /** The file, or the beginning of its path. */
  file: string;
  /** A part of the text. */
  text: string;
  why: string;
}

export const exceptions: readonly Exception[] = [
  {
    file: 'bench/tests/structure/style/',
    text: '',
    why: 'the rules and their tests quote what they forbid',
  },
];
