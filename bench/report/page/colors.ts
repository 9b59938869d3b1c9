/** A colour for each server, the same in all charts. */

/**
 * Distinguishable for people with colour vision deficiencies, on white and on black. Based on Okabe
 * and Ito (Color Universal Design, 2008), without their yellow, which is invisible on white, and
 * with grey instead of black. The last two are close to colours of Tol (Colour Schemes, 2021).
 */
const palette = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#808080',
  '#8c6bb1',
  '#999933',
];
/**
 * Line dashes that distinguish servers of the same colour, if there are more servers than colours.
 */
const dashes = ['', '6 3', '2 3', '8 3 2 3'];

export interface LineStyle {
  color: string;
  /** `stroke-dasharray` of SVG lines. */
  dash: string;
}

export const lineStyleOf = (place: number): LineStyle => ({
  color: palette[place % palette.length]!,
  dash: dashes[Math.floor(place / palette.length) % dashes.length]!,
});
