// The options of a command stand once, in a table: node's parseArgs reads it, and the help is made of it.
import type { ParseArgsConfig } from 'node:util'
import { outputWidth } from '../shared/queries/output-width'

type Parsed = NonNullable<ParseArgsConfig['options']>[string]

export interface Option extends Readonly<Parsed> {
  /** What it is for. A default that is a constant is added to the text. */
  readonly help: string
  /** What stands behind the name in the help, such as `URL`. Default: the option's default, else its name in capitals. */
  readonly argument?: string
  /** What holds without the option, where that is no constant: variables in the order in which they are read, and the rest. */
  readonly otherwise?: string
}

export type Options = Readonly<Record<string, Option>>

/** Columns, where the terminal has no fewer. */
const WIDTH = 120

/**
 * @param positionals what is for arguments without a name, by what stands for them in the help, such as `FILE`
 * @returns lines of the help: the positionals, then the options, each with its text in a second column
 */
export function optionLines(options: Options, positionals: Readonly<Record<string, string>> = {}): string {
  return columns([...Object.entries(positionals), ...Object.entries(options).map(rowOf)])
}

/** @returns lines of the help: each term, and its text in a second column */
export function columns(rows: readonly (readonly [term: string, text: string])[]): string {
  const indent = Math.max(...rows.map(([term]) => term.length)) + 2
  const most = Math.max(Math.min(WIDTH, outputWidth() ?? WIDTH), indent + 30)
  return rows
    .map(([term, text]) => term.padEnd(indent) + wrapped(text, most - indent).join(`\n${' '.repeat(indent)}`))
    .join('\n')
}

function rowOf([name, { type, help, default: constant, argument, otherwise }]: [string, Option]): [string, string] {
  const usual = typeof constant === 'string' ? constant : undefined
  const term = type === 'boolean' ? `--${name}` : `--${name} ${argument ?? usual ?? name.toUpperCase()}`
  const without = otherwise ?? usual
  return [term, without === undefined ? help : `${help} [${without}]`]
}

/** Words in lines; a word that is longer has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** A sentence in lines of the terminal. */
export const folded = (text: string): string => wrapped(text, outputWidth() ?? Number.POSITIVE_INFINITY).join('\n')
