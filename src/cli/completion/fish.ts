// Completion in fish.
import { type CompletedCommand, type CompletedOption, described } from './table'

export function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, help, options, words }) => [
    `complete -c afn-otel -n __fish_use_subcommand -f -a ${name} -d ${text(described(help))}`,
    ...words.map(
      word =>
        `complete -c afn-otel -n ${text(`__fish_seen_subcommand_from ${name}; and test (count (commandline -opc)) -eq 2`)} -f -a ${word.name} -d ${text(described(word.help))}`,
    ),
    ...options.map(option => lineOf(`__fish_seen_subcommand_from ${name}`, option)),
    ...words.flatMap(word =>
      word.options.map(option =>
        lineOf(`__fish_seen_subcommand_from ${name}; and __fish_seen_subcommand_from ${word.name}`, option),
      ),
    ),
  ])
  return ['# completion of afn-otel for fish', ...new Set(lines)].join('\n')
}

function lineOf(condition: string, { name, help, takes }: CompletedOption): string {
  const argument = { nothing: '', value: ' -x', file: ' -r -F', folder: " -x -a '(__fish_complete_directories)'" }[
    takes
  ]
  return `complete -c afn-otel -n ${text(condition)} -l ${name}${argument} -d ${text(described(help))}`
}

/** Quotes for fish, where a backslash escapes within single quotes. */
const text = (words: string): string => `'${words.replace(/[\\']/g, '\\$&')}'`
