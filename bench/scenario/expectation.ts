/** The syntax of expectations, `first-token < 500ms`: a figure, an operator and a limit. Pure. */

export const operators = {
  '<': (figure: number, limit: number) => figure < limit,
  '<=': (figure: number, limit: number) => figure <= limit,
  '>': (figure: number, limit: number) => figure > limit,
  '>=': (figure: number, limit: number) => figure >= limit,
  '=': (figure: number, limit: number) => figure === limit,
};
export type Operator = keyof typeof operators;

/** The units of times that a user may write, with their milliseconds. */
export const inMs = { ns: 1e-6, µs: 1e-3, us: 1e-3, ms: 1, s: 1_000 };

/** An expectation as written. */
interface Parts {
  name: string;
  operator: Operator;
  amount: number;
  /** May be empty. */
  unit: string;
}

const pattern = /^\s*([a-z][\w.-]*?)\s*(<=?|>=?|=)\s*(\d+(?:\.\d+)?)\s*([a-zµ%/]*)\s*$/i;

/** @returns the parts of an expectation; `undefined` if the text is none */
export function partsOfExpectation(text: string): Parts | undefined {
  const [, name, operator, amount, unit = ''] = pattern.exec(text) ?? [];
  return name === undefined
    ? undefined
    : { name, operator: operator as Operator, amount: Number(amount), unit };
}
