/** The values of `--fail-on`, apart from the comparison, so that help and config load quickly. */

/** Verdicts that make a comparison fail: only `worse`, or also `inconclusive`. */
export const failOnWords = ['worse', 'inconclusive'] as const;
export type FailOn = (typeof failOnWords)[number];
