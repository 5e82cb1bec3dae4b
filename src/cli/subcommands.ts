// Commands such as `afn-otel cost`, which have commands of their own: the list of them, and which one is meant.
import { nearest } from '../shared/config/nearest'
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
 * @throws Error that lists them, or names the one that is meant
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
  const names = Object.keys(subcommands)
  if (name) throw unknownCommand(`afn-otel ${command}`, name, names)
  throw new Error(`${command} needs a command: ${names.join(', ')}\n\n${help}`)
}

/** @param usage what comes before the command, such as `afn-otel cost` @param known the commands that there are */
export const unknownCommand = (usage: string, name: string, known: readonly string[]): Error =>
  new Error(`unknown command ${name}; did you mean ${nearest(name, known)}? ${usage} --help lists all`)
