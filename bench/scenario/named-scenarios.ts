/** The named scenarios: loads that matter in production. Each is in the file of its load kind. */
import type { NamedScenario } from './kinds/kind.ts';
import { features } from './kinds/kinds.ts';

/** In the order of help and manual. */
export const namedScenarios: Readonly<Record<string, NamedScenario>> = Object.assign(
  {},
  ...features.map(([, feature]) => feature.namedScenarios),
);
