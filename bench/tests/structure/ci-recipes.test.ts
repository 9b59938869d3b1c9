/** The GitHub action and the recipes for CI: their form, without running them. */
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../result/exit-codes.ts';
import {
  action,
  actionStep,
  github,
  gitlab,
  page,
  shell,
  type Step,
} from '../fixtures/helpers/ci-recipes.ts';

/** The inputs, or the outputs of a step, that a text uses in expressions. */
const expressionsIn = (text: string): string[] =>
  [...text.matchAll(/\$\{\{\s*(.+?)\s*\}\}/g)].map(([, expression]) => expression!);
const isPinned = ({ uses }: Step) => uses === undefined || /@[0-9a-f]{40}$/.test(uses);

describe('the action', () => {
  const { inputs, outputs, runs } = action;
  const scripts = runs.steps.flatMap(({ run }) => run ?? []);

  test('has no expression in a script, where the text of an input would be code', () => {
    expect(scripts).toHaveLength(3);
    for (const script of scripts) expect(expressionsIn(script)).toEqual([]);
  });

  test('uses each of its inputs, and no other', () => {
    const used = [
      ...expressionsIn(JSON.stringify(runs.steps)),
      ...runs.steps.flatMap((step) => step.if ?? []),
    ].flatMap((text) => [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name!));
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(inputs).toSorted());
  });

  test('writes each of its outputs', () => {
    const written = [...scripts.at(-1)!.matchAll(/echo "([\w-]+)=/g)].map(([, name]) => name!);
    expect(written).toEqual(Object.keys(outputs));
    for (const [name, { value }] of Object.entries(outputs))
      expect(value).toBe(`\${{ steps.ssebench.outputs.${name} }}`);
  });

  test('has a verdict for each exit code, as its description and the page say', () => {
    const wordOf = (name: string) => name.replace('badInput', 'bad-input');
    for (const [name, code] of Object.entries(exitCodes)) {
      const pattern = name === 'failure' ? '*' : String(code);
      expect(scripts.at(-1)).toContain(` ${pattern}) verdict=${wordOf(name)} ;;`);
      expect(outputs.verdict!.description).toContain(wordOf(name));
      expect(page).toContain(`\`${wordOf(name)}\``);
    }
  });

  test('is composite, with bash for each script and only pinned actions', () => {
    expect(runs.using).toBe('composite');
    expect(runs.steps.filter((step) => !isPinned(step))).toEqual([]);
    expect(runs.steps.filter(({ run, shell: by }) => run !== undefined && by !== 'bash')).toEqual(
      [],
    );
  });
});

describe('the recipes', () => {
  /**
   * Without the name of the base branch, which each CI system keeps in another variable, and
   * without the depth of its history, which would hide that of a developer’s clone.
   */
  const plain = (command: string) =>
    command.replaceAll(/"\$\w+"/g, '"$BASE"').replace(' --depth=1', '');
  const linesOf = (text: string) => text.split('\n').filter((line) => /^[^#]/.test(line));
  const { steps } = github.jobs.streams;

  test('have the same commands for GitHub, GitLab and a shell', () => {
    // Only a shell may run on a machine that keeps the folder of the base.
    const commands = linesOf(shell)
      .map(plain)
      .filter((command) => !command.startsWith('trap '));
    expect(commands).toHaveLength(8);
    expect(steps.flatMap(({ run = '' }) => linesOf(run)).map(plain)).toEqual(commands);
    expect(gitlab.streams.script.map(plain)).toEqual(commands);
  });

  test('use only pinned actions', () =>
    expect(steps.filter((step) => !isPinned(step))).toEqual([]));

  test('use inputs that the action has', () => {
    for (const name of Object.keys(actionStep.with)) expect(action.inputs).toHaveProperty(name);
  });
});
