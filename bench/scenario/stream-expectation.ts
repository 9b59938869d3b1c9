/** Limits that every single answer should meet. Their share is the goodput. Pure. */
import { z } from 'zod';
import { accepted, refused, visible, whyUnknown, type Checked } from './complaint.ts';
import { inMs, operators, partsOfExpectation, type Operator } from './expectation.ts';

/** The figures that each answer has, all of them times. */
export const streamFigures = ['first-token', 'first-answer', 'total', 'tpot', 'gap'] as const;
export type StreamFigure = (typeof streamFigures)[number];

export const streamExpectationSchema = z.object({
  figure: z.enum(streamFigures),
  operator: z.enum(Object.keys(operators) as [Operator, ...Operator[]]),
  limitMs: z.number().nonnegative(),
});
export type StreamExpectation = z.infer<typeof streamExpectationSchema>;

/** @returns whether an answer with this figure meets the expectation */
export const isMet = ({ operator, limitMs }: StreamExpectation, ms: number): boolean =>
  operators[operator](ms, limitMs);

const example = "'first-token < 500ms'";

/** @returns the expectation, or a complaint that describes a valid one */
export function readStreamExpectation(text: string): Checked<StreamExpectation> {
  const parts = partsOfExpectation(text);
  if (!parts)
    return refused(
      `must be ${streamFigures.join(', ')}, an operator (${Object.keys(operators).join(' ')}) and a time, such as ${example}`,
    );
  const { name, operator, amount, unit } = parts;
  const figure = streamFigures.find((each) => each === name);
  if (!figure) {
    const [withoutPercentile = ''] = name.split('.');
    return refused(
      streamFigures.some((each) => each === withoutPercentile)
        ? `each answer has one ${withoutPercentile}, so leave out ${visible(name.slice(withoutPercentile.length))}; a percentile of all answers is for --expect`
        : whyUnknown('figure', name, streamFigures),
    );
  }
  if (!Object.hasOwn(inMs, unit))
    return refused(
      `must be in ${Object.keys(inMs).join(', ')}, since ${figure} is a time, such as '${figure} ${operator} ${amount}ms'`,
    );
  return accepted({ figure, operator, limitMs: amount * inMs[unit as keyof typeof inMs] });
}
