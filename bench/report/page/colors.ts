/** A colour for each server, the same in all charts. */

/**
 * Told apart by people who see colours differently, on white and on black: after Okabe and Ito (Color Universal Design,
 * 2008), without their yellow, which cannot be seen on white, and with a grey in place of black; the last two are near those of Tol (Colour Schemes, 2021).
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
/** Where there are more servers than colours, these tell those of one colour apart. */
const dashes = ['', '6 3', '2 3', '8 3 2 3'];

export interface Look {
  color: string;
  /** Of a line, as SVG has it. */
  dash: string;
}

export const lookOf = (place: number): Look => ({
  color: palette[place % palette.length]!,
  dash: dashes[Math.floor(place / palette.length) % dashes.length]!,
});
