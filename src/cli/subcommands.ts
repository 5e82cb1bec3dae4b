// Commands such as `afn-otel cost`, which have commands of their own: the list of them, and which one is meant.
import { print } from './help'
import { columns, type Options } from './options'

export interface Subcommand {
  /** Its name and arguments, such as `check [FILE]`. */
  readonly usage: string
  readonly help: string
  /** Returns the exit code. */
  run(args: string[]): Promise<number>
  /** Where the command is loaded later, they are too. */
  readonly options?: Options | (() => Promise<Options>)
}

/** By name. */
export type Subcommands = Readonly<Record<string, Subcommand>>

export const subcommandLines = (subcommands: Subcommands): string =>
  columns(Object.values(subcommands).map(({ usage, help }) => [`  ${usage}`, help]))

/**
 * @param command that has them
 * @param args what follows it
 * @returns the exit code
 * @throws Error that lists them, where none is meant
 */
export async function runSubcommand(
  command: string,
  subcommands: Subcommands,
  help: string,
  [name, ...args]: string[],
): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') return print(help)
  const found = name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined
  if (found) return found.run(args)
  const names = Object.keys(subcommands).join(', ')
  throw new Error(`${command} takes ${names}${name ? `, not "${name}"` : ''}\n\n${help}`)
}
