/** Colours and dashes of servers, the same in all charts. */

/**
 * Any two differ, for usual vision and for each kind of colour blindness, in both themes: a test
 * states by how much. The colours at one place have similar hues. Each has a contrast of at least 3
 * to the paper.
 */
export const palettes = {
  light: [
    '#3968d9',
    '#e8701b',
    '#226257',
    '#aa6a85',
    '#631b84',
    '#8d9774',
    '#04a0c2',
    '#6e1a27',
    '#735a05',
  ],
  dark: [
    '#37aafe',
    '#e18a6e',
    '#43fdc4',
    '#fdcff2',
    '#6d5fc3',
    '#dde93d',
    '#248883',
    '#b3385e',
    '#897503',
  ],
} as const;

const colors = palettes.light.length;
/** Distinguish servers of one colour. */
const dashes = ['', '6 3', '2 3', '8 3 2 3'];

export interface LineStyle {
  /** A CSS variable of `colorStyle`. */
  color: string;
  /** `stroke-dasharray` of SVG lines. */
  dash: string;
}

/** The style sheet that defines the colours for both themes. */
export function colorStyle(): string {
  const lines = palettes.light.map(
    (light, place) => `  --server-${place}: light-dark(${light}, ${palettes.dark[place]});\n`,
  );
  return `:root {\n${lines.join('')}}\n`;
}

/**
 * Up to nine servers each get a colour. If there are more, the servers of a family share a colour
 * and differ in their dash.
 */
export function lineStylesOf(names: readonly string[]): LineStyle[] {
  const families = familiesOf(names);
  const all = [...new Set(families)];
  return families.map((family, place) => {
    const color = all.indexOf(family);
    const earlier = families.slice(0, place).filter((other) => other === family).length;
    return {
      color: `var(--server-${color % colors})`,
      dash: dashes[(earlier + Math.floor(color / colors)) % dashes.length]!,
    };
  });
}

/**
 * The family of each server: the beginning of its URL, as far as possible without more families
 * than colours. If no beginning divides the servers so, each server is its own family.
 */
function familiesOf(names: readonly string[]): readonly string[] {
  if (names.length <= colors) return names;
  const parts = names.map((name) => name.split(/[/?&]/));
  const longest = Math.max(...parts.map(({ length }) => length));
  for (let depth = longest; depth > 0; depth--) {
    const beginnings = parts.map((all) => all.slice(0, depth).join('/'));
    const count = new Set(beginnings).size;
    if (count > 1 && count <= colors) return beginnings;
  }
  return names;
}
