import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  contrast,
  difference,
  labOf,
  visions,
  type Vision,
} from '../../tests/fixtures/helpers/color-difference.ts';
import { colorStyle, lineStylesOf, palettes } from './colors.ts';

const themes = ['light', 'dark'] as const;

/** The least difference between any two colours, rounded. */
function leastDifference(colors: readonly string[], vision: Vision): number {
  const labs = colors.map((color) => labOf(color, vision));
  const all = labs.flatMap((one, n) => labs.slice(n + 1).map((other) => difference(one, other)));
  return Math.round(Math.min(...all));
}

describe('nine colours', () => {
  test.each(themes)('differ in the %s theme, also with a colour blindness', (theme) => {
    const least = Object.fromEntries(
      Object.keys(visions).map((vision) => [
        vision,
        leastDifference(palettes[theme], vision as Vision),
      ]),
    );
    expect(least).toEqual(
      theme === 'light'
        ? { usual: 26, protanopia: 15, deuteranopia: 15, tritanopia: 15 }
        : { usual: 29, protanopia: 17, deuteranopia: 17, tritanopia: 17 },
    );
  });

  test.each(themes)('have a contrast of at least 3 to the paper in the %s theme', (theme) => {
    const style = readFileSync(new URL('style.css', import.meta.url), 'utf8');
    const [, light, dark] = /--paper: light-dark\((#\w+), (#\w+)\)/.exec(style)!;
    const paper = theme === 'light' ? light!.replace('#fff', '#ffffff') : dark!;
    for (const color of palettes[theme]) expect(contrast(color, paper)).toBeGreaterThan(3);
  });

  test('are in the style sheet, each for both themes', () => {
    expect(colorStyle().match(/--server-\d: light-dark\(#\w{6}, #\w{6}\);/g)).toHaveLength(9);
  });
});

describe('the difference of two colours', () => {
  // From the test data that the authors of CIEDE2000 published.
  test.each([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
    [[90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447], 1.4441],
    [[6.7747, -0.2908, -2.4247], [5.8714, -0.0985, -2.2286], 0.6377],
  ] as const)('of %j and %j is %f', (one, other, expected) => {
    expect(difference(one, other)).toBeCloseTo(expected, 4);
  });

  test('red and green are hard to distinguish with deuteranopia', () => {
    const between = (vision: Vision) =>
      difference(labOf('#b03030', vision), labOf('#5a7a1e', vision));
    expect(between('usual')).toBeGreaterThan(50);
    expect(between('deuteranopia')).toBeLessThan(10);
  });

  test('black and white have the greatest contrast', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 3);
  });
});

describe('line styles of servers', () => {
  const colorsOf = (names: readonly string[]) => lineStylesOf(names).map(({ color }) => color);

  test('nine servers have nine colours and no dash', () => {
    const styles = lineStylesOf(Array.from({ length: 9 }, (_, n) => `server-${n}`));
    expect(new Set(styles.map(({ color }) => color)).size).toBe(9);
    expect(new Set(styles.map(({ dash }) => dash))).toEqual(new Set(['']));
  });

  test('ten URLs of two hosts have two colours, and the dash differs within a host', () => {
    const names = Array.from({ length: 10 }, (_, n) => `http://${n < 5 ? 'a' : 'b'}.test/${n}`);
    const styles = lineStylesOf(names);
    expect(colorsOf(names)).toEqual([
      ...Array.from({ length: 5 }, () => 'var(--server-0)'),
      ...Array.from({ length: 5 }, () => 'var(--server-1)'),
    ]);
    expect(new Set(styles.slice(0, 4).map(({ dash }) => dash)).size).toBe(4);
  });

  test('a family is as close as the number of colours allows', () => {
    const names = Array.from({ length: 12 }, (_, n) => `http://a.test/v${n % 3}/events?n=${n}`);
    expect(new Set(colorsOf(names)).size).toBe(3);
  });

  test('ten servers without a common beginning repeat a colour with another dash', () => {
    const styles = lineStylesOf(Array.from({ length: 10 }, (_, n) => `server-${n}`));
    expect(styles[9]).toEqual({ color: styles[0]!.color, dash: '6 3' });
  });
});
