/**
 * Finds the first part of a value that its schema does not allow. Zod itself keeps an object for
 * every fault, so a small file full of faults would take gigabytes.
 */
import { z } from 'zod';

export interface Fault {
  /** Path to the part, such as `rounds.0.server`. */
  path: string;
  message: string;
}

type Part = [key: string | number, schema: z.ZodType, value: unknown];
type Parts = (schema: z.ZodType, value: object) => Iterable<Part>;

/** Yields the parts of a value one at a time, because there may be millions. */
const partsOf: Readonly<Record<string, Parts>> = {
  *object(schema, value) {
    for (const [key, part] of Object.entries((schema as z.ZodObject).shape))
      yield [key, part as z.ZodType, (value as Record<string, unknown>)[key]];
  },
  *array(schema, value) {
    for (const [place, its] of (value as unknown[]).entries())
      yield [place, (schema as z.ZodArray).element as z.ZodType, its];
  },
  *record(schema, value) {
    const { keyType, valueType } = schema as z.ZodRecord;
    for (const key of Object.keys(value)) {
      yield [key, keyType as unknown as z.ZodType, key];
      yield [key, valueType as z.ZodType, (value as Record<string, unknown>)[key]];
    }
  },
  *union(schema, value) {
    const {
      options,
      def: { discriminator },
    } = schema as z.ZodDiscriminatedUnion<z.ZodObject[]>;
    const own = options.find(
      (option) =>
        option.shape[discriminator]!.safeParse((value as Record<string, unknown>)[discriminator])
          .success,
    );
    if (own) yield* partsOf.object!(own, value);
  },
};

export function firstFault(
  schema: z.ZodType,
  value: unknown,
  path: readonly (string | number)[] = [],
): Fault | undefined {
  const { type } = schema.def;
  if (type === 'default' || type === 'nullable' || type === 'optional') {
    return value === undefined || value === null
      ? ownFault(schema, value, path)
      : firstFault((schema as z.ZodNullable).unwrap() as z.ZodType, value, path);
  }
  const isWhole =
    typeof value === 'object' && value !== null && Array.isArray(value) === (type === 'array');
  const parts = partsOf[type];
  if (!parts || !isWhole) return ownFault(schema, value, path);
  let hasParts = false;
  for (const [key, part, its] of parts(schema, value as object)) {
    hasParts = true;
    const fault = firstFault(part, its, [...path, key]);
    if (fault) return fault;
  }
  return hasParts ? undefined : ownFault(schema, value, path);
}

/** Checks a value without parts. It can have only one fault, or a few. */
function ownFault(
  schema: z.ZodType,
  value: unknown,
  path: readonly (string | number)[],
): Fault | undefined {
  const issue = schema.safeParse(value).error?.issues[0];
  return issue && { path: [...path, ...issue.path].join('.'), message: issue.message };
}
