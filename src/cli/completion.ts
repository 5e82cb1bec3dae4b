// `afn-otel completion SHELL`: a script that completes commands and options, generated from the tables of the help.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { readCatalogue } from '../shared/queries/catalogue'
import { type Command, commands } from './commands'
import { bash } from './completion/bash'
import { fish } from './completion/fish'
import type { CompletedCommand, CompletedOption } from './completion/table'
import { zsh } from './completion/zsh'
import { helpOption, print } from './help'
import type { Options } from './options'
import { packageRoot } from './package-root'

export const options = {} as const satisfies Options

const help = `Usage: afn-otel completion bash|zsh|fish

Prints a script that completes commands, options, files and query names in your shell. To enable it in every new shell:

  bash   echo 'source <(afn-otel completion bash)' >> ~/.bashrc
  zsh    echo 'source <(afn-otel completion zsh)' >> ~/.zshrc      (after compinit)
  fish   afn-otel completion fish > ~/.config/fish/completions/afn-otel.fish

Exit codes: 0 done; 2 usage error.`

const shells: Readonly<Record<string, (commands: readonly CompletedCommand[]) => string>> = { bash, zsh, fish }

/** @returns the exit code */
export async function completion(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: helpOption, allowPositionals: true })
  if (values.help) return print(help)
  const [name = '', more] = positionals
  const write = Object.hasOwn(shells, name) ? shells[name] : undefined
  if (!write || more !== undefined) throw new Error(`completion needs a shell: bash, zsh or fish\n\n${help}`)
  const table = await Promise.all(Object.entries(commands).map(([name, command]) => completed(name, command)))
  return print(write(table))
}

async function completed(name: string, command: Command): Promise<CompletedCommand> {
  const subcommands = Object.entries((await command.subcommands?.()) ?? {})
  const words =
    subcommands.length > 0
      ? subcommands.map(async ([name, { help, options }]) => ({
          name,
          help,
          options: completedOptions(await tableOf(options)),
        }))
      : argumentsOf(name, command.usage).map(name => ({ name, help: '', options: [] }))
  return {
    name,
    help: command.help,
    options: completedOptions(await tableOf(command.options)),
    words: await Promise.all(words),
  }
}

const tableOf = async (options: Options | (() => Promise<Options>) | undefined): Promise<Options> =>
  typeof options === 'function' ? options() : (options ?? {})

/** Query names, else the words in a usage outside of brackets: `logs tail|query` takes tail and query. */
function argumentsOf(name: string, usage: string): string[] {
  if (name === 'query') return [...readCatalogue(path.join(packageRoot(__dirname), 'collector/queries')).keys()]
  return (
    usage
      .slice(name.length)
      .replace(/\[[^\]]*\]|'[^']*'/g, '')
      .match(/(?<![\w-])[a-z][a-z-]+/g) ?? []
  )
}

function completedOptions(options: Options): CompletedOption[] {
  const own = Object.entries(options).map(([name, { type, help, argument = '' }]): CompletedOption => {
    const takes =
      type === 'boolean' ? 'nothing' : /DIR/.test(argument) ? 'folder' : /FILE/.test(argument) ? 'file' : 'value'
    return { name, help, takes }
  })
  return [...own, { name: 'help', help: 'shows this help', takes: 'nothing' }]
}
