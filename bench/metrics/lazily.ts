/** Values computed once, when they are first read. */

/**
 * @returns an object with the members of `makers`; the first read of a member computes and keeps it
 */
export function lazily<Members extends object>(makers: {
  readonly [Name in keyof Members]: () => Members[Name];
}): Members {
  const made = {} as Members;
  const keep = (name: keyof Members, value: unknown) =>
    Object.defineProperty(made, name, { value, enumerable: true });
  for (const name of Object.keys(makers) as (keyof Members)[])
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = makers[name]();
        keep(name, value);
        return value;
      },
    });
  return made;
}
