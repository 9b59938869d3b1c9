/** The named scenarios: loads that matter in production. Each is in the file of its load kind. */
import type { Preset } from './kinds/kind.ts';
import { features } from './kinds/kinds.ts';

/** In the order of help and manual. */
export const presets: Readonly<Record<string, Preset>> = Object.assign(
  {},
  ...features.map(([, feature]) => feature.presets),
);
