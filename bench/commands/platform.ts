/** States what ssebench cannot do on systems other than Linux. Pure. */

const names: Partial<Record<NodeJS.Platform, string>> = { darwin: 'macOS', win32: 'Windows' };
const nameOf = (platform: NodeJS.Platform) => names[platform] ?? platform;

/** The notes to print before a run; empty on Linux. */
export const platformNotes = (platform: NodeJS.Platform): string[] =>
  platform === 'linux'
    ? []
    : [
        `This is ${nameOf(platform)}: figures that need Linux show “–”, ssebench does not assign cores, and it does not detect CPU time that other programs or machines take.`,
      ];

/** @returns why there is no leak check on this system, or `undefined` */
export const whyNoLeaksOn = (platform: NodeJS.Platform): string | undefined =>
  platform === 'linux'
    ? undefined
    : `needs Linux, because ssebench reads in /proc what a server holds, and this is ${nameOf(platform)}; run it in a container or a CI job with Linux`;
