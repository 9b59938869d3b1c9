import { describe, expect, test } from 'vitest';
import { namedScenarios } from '../named-scenarios.ts';
import { readConfig } from '../config.ts';
import { features, kindOf, kindOptions, loadKinds, loadSchema } from './kinds.ts';

test('the name of a load kind is its tag, which identifies the kind of a load', () => {
  for (const kind of loadKinds) {
    const [name] = features.find(([, feature]) => feature === kind)!;
    expect(kind.schema.shape.kind).toMatchObject({ value: name });
    expect(kindOf({ kind: name as 'steady' })).toBe(kind);
  }
  expect(loadSchema.safeParse({ kind: 'churn' }).success).toBe(false);
  expect(loadSchema.safeParse({ kind: 'steady' }).success).toBe(true);
  expect(loadSchema.safeParse({ kind: 'unknown' }).success).toBe(false);
});

test('no option or scenario belongs to two kinds', () => {
  const options = features.flatMap(([, feature]) => Object.keys(feature.options));
  expect(options).toEqual([...new Set(options)]);
  expect(Object.keys(kindOptions)).toEqual(options);
  const names = features.flatMap(([, feature]) => Object.keys(feature.namedScenarios));
  expect(names).toEqual([...new Set(names)]);
});

test('the option that selects a kind is one of its own options', () => {
  const foreign = features.filter(
    ([, { trigger, options }]) => trigger !== undefined && !Object.hasOwn(options, trigger),
  );
  expect(foreign).toEqual([]);
});

describe('a scenario is valid content of a config file', () => {
  test.each(Object.entries(namedScenarios))('%s', (name, { config }) => {
    expect(readConfig(name, config).complaints).toEqual([]);
  });
});
