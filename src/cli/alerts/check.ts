// `afn-otel alerts check [FILE]`
import { parseArgs } from 'node:util'
import { helpOption, print } from '../help'
import { lineOf } from '../mistakes'
import { type Options, optionLines } from '../options'
import { json } from '../terminal'
import { findAlerts } from './file'

export const options = {
  json: { type: 'boolean', default: false, help: 'prints JSON: { file, mistakes, notes, tools }' },
} as const satisfies Options

const help = `Usage: afn-otel alerts check [FILE] [--json]

Reports every error in FILE [alerts-config.yaml] as FILE:LINE:COLUMN with a fix. If amtool and promtool are on PATH, they check the
generated configuration and rules. Writes nothing.

A line with "note:" reports something valid but probably unintended, such as a secret that is not on this machine.

${optionLines(options)}

Exit codes: 0 no errors; 1 errors found; 2 usage error, or FILE can't be read.`

export async function check(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...options, ...helpOption },
    allowPositionals: true,
  })
  if (values.help) return print(help)
  const [named, more] = positionals
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; alerts check takes one file`)
  const { name, mistakes, notes, tools, config, isDefault } = findAlerts(named)
  if (values.json) console.log(json({ file: name, mistakes, notes, tools }, 2))
  else {
    for (const mistake of mistakes) console.log(lineOf(name, mistake))
    for (const note of notes) console.log(lineOf(name, note, 'note: '))
    if (config) console.log(isDefault ? `ok: ${name} not found, using the defaults` : okOf(name, tools))
  }
  return mistakes.length > 0 ? 1 : 0
}

function okOf(name: string, tools: readonly string[]): string {
  const missing = ['amtool', 'promtool'].filter(tool => !tools.some(one => one.startsWith(tool)))
  const others = tools.length > 0 ? `, and ${tools.join(' and ')} ${tools.length > 1 ? 'agree' : 'agrees'}` : ''
  return `ok: ${name}${others}${missing.length > 0 ? ` (not checked by: ${missing.join(', ')})` : ''}`
}
