// What the command line says of a mistake: of an option that it does not know, the one that is meant.
import { nearest } from '../shared/config/nearest'
import { commands } from './commands'

/** @param args the command and what follows it @returns the message of any other error as it is */
export async function messageOf(error: unknown, [name = '', ...args]: readonly string[]): Promise<string> {
  if (!(error instanceof Error)) return String(error)
  const { code, message } = error as NodeJS.ErrnoException
  const option = /'(--?[^']+)'/.exec(message)?.[1]
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION' || !option || !command) return message
  const subcommands = await command.subcommands?.()
  const subcommand = args[0] !== undefined && subcommands && Object.hasOwn(subcommands, args[0]) ? args[0] : undefined
  const own = subcommand && subcommands?.[subcommand]?.options
  const options = {
    ...(await command.options?.()),
    ...(typeof own === 'function' ? await own() : own),
    help: undefined,
  }
  const meant = nearest(option.replace(/^-+/, ''), Object.keys(options))
  const usage = ['afn-otel', name, subcommand].filter(Boolean).join(' ')
  return `unknown option ${option}; did you mean --${meant}? ${usage} --help lists all`
}
