// What every command has: `--help`, and how it is answered.

/** In addition to the command's own options, for `parseArgs`. */
export const helpOption = { help: { type: 'boolean', short: 'h', default: false } } as const

/** @returns the exit code: done */
export function print(text: string): number {
  console.log(text)
  return 0
}
