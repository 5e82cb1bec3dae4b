// `afn-otel`: finds the command and runs it. The SDK is never started in this process.
import { withoutEmpty } from '../shared/config/empty-variables'
import { outputWidth } from '../shared/queries/output-width'
import { version } from '../shared/version'
import { type Command, commands, groups } from './commands'
import { wrapped } from './options'
import { unknownCommand } from './subcommands'
import { messageOf } from './unknown-option'

/** Where the second column of the help begins. */
const INDENT = 36

function usage(): string {
  const most = Math.min(outputWidth() ?? 120, 120) - INDENT
  const lineOf = ({ usage, help }: Command) => {
    const term = `  afn-otel ${usage}`
    const texts = wrapped(help, Math.max(most, 30))
    // what is too long for its column has a line of its own
    const beside = term.length + 2 <= INDENT
    return [
      beside ? term.padEnd(INDENT) + texts[0] : term,
      ...texts.slice(beside ? 1 : 0).map(text => ' '.repeat(INDENT) + text),
    ]
  }
  const lines = Object.entries(groups).flatMap(([title, group]) => [
    `${title}:`,
    ...Object.values(group).flatMap(lineOf),
    '',
  ])
  return [`afn-otel ${version}`, '', ...lines, 'For details, run: afn-otel COMMAND --help'].join('\n')
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === '--version' || name === '-v') {
    console.log(version)
    return 0
  }
  if (name === 'help' && args.length > 0) return main([...args, '--help'])
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(usage())
    return name === undefined ? 2 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw unknownCommand('afn-otel', name, Object.keys(commands))
  process.env = withoutEmpty(process.env)
  return command.run(args)
}

/**
 * Node 20's fetch tells of a connection that was closed before its answer from a callback that keeps no process alive: a command would
 * end with 0 and say nothing. A port of Docker is such a server while what is behind it starts.
 */
const running = setInterval(() => {}, 2 ** 30)

main(process.argv.slice(2))
  .then(
    code => {
      process.exitCode = code
    },
    async error => {
      process.exitCode = 2
      // parseArgs and our own checks throw errors that name the input; a stack helps nobody here
      console.error(`afn-otel: ${await messageOf(error, process.argv.slice(2))}`)
    },
  )
  .finally(() => clearInterval(running))
