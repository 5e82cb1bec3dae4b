// `afn-otel alerts check [FILE]`
import { parseArgs } from 'node:util'
import { helpOption, print } from '../help'
import { lineOf } from '../mistakes'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'
import { findAlerts } from './file'

export const options = {
  json: { type: 'boolean', default: false, help: 'the same as JSON: { file, mistakes, notes, tools }' },
} as const satisfies Options

const help = `Usage: afn-otel alerts check [FILE] [--json]

Names every mistake in FILE [alerts-config.yaml], as FILE:LINE:COLUMN and what would be right. Where amtool and promtool are on the
PATH, they check the configuration and the rules that follow from it. Nothing is written.

A line with "note:" names what is allowed and seldom meant, such as a secret that is not on this machine.

${optionLines(options)}

Exit codes: 0 no mistake; 1 a mistake; 2 the command is not right, or FILE can't be read.`

export async function check(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...options, ...helpOption },
    allowPositionals: true,
  })
  if (values.help) return print(help)
  const [named, more] = positionals
  if (more !== undefined) throw new Error(`alerts check takes one file, not "${more}" too`)
  const { name, mistakes, notes, tools, config, isDefault } = findAlerts(named)
  if (values.json) console.log(json({ file: name, mistakes, notes, tools }, 2))
  else {
    for (const mistake of mistakes) console.log(lineOf(name, mistake))
    for (const note of notes) console.log(lineOf(name, note, 'note: '))
    if (config) console.log(isDefault ? `ok: there is no ${name}, and the defaults hold` : okOf(name, tools))
  }
  return mistakes.length > 0 ? 1 : 0
}

function okOf(name: string, tools: readonly string[]): string {
  const missing = ['amtool', 'promtool'].filter(tool => !tools.some(one => one.startsWith(tool)))
  const others = tools.length > 0 ? `, and ${tools.join(' and ')} ${tools.length > 1 ? 'agree' : 'agrees'}` : ''
  return `ok: ${name}${others}${missing.length > 0 ? ` (not checked by: ${missing.join(', ')})` : ''}`
}
