/** Ways to look at what a server holds, the strongest first. */
export const lookKinds = ['probe', 'inspector', 'outside'] as const;
export type LookKind = (typeof lookKinds)[number];
