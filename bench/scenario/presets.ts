/** Scenarios by name: loads that decide in production. Each is in the file of its load kind. */
import type { Preset } from './kinds/kind.ts';
import { features } from './kinds/kinds.ts';

/** In the order in which help and manual show them. */
export const presets: Readonly<Record<string, Preset>> = Object.assign(
  {},
  ...features.map(([, feature]) => feature.presets),
);
