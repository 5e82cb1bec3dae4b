// `afn-otel dashboards check [FILE]`
import { parseArgs } from 'node:util'
import { MONITORING_FILE } from '../config/monitoring-config'
import { readBoards } from './dashboards/file'
import { helpOption, print } from './help'

const help = `Usage: afn-otel dashboards check [FILE]

Names every mistake in the section dashboard_config of FILE [${MONITORING_FILE}], as FILE:LINE:COLUMN and what would be right:
keys and values, units, metrics, queries that are no PromQL, panels that overlap, two boards with one uid.
afn-otel generate writes the boards for Grafana.

Exit codes: 0 no mistake; 1 a mistake; 2 the command is not right, or FILE can't be read.`

/** @returns the exit code, as `help` says */
export async function dashboards(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: helpOption, allowPositionals: true })
  const [name, file = MONITORING_FILE, more] = positionals
  if (values.help || name === undefined) return print(help) || (values.help ? 0 : 2)
  if (name !== 'check') throw new Error(`dashboards takes check, not "${name}"`)
  if (more !== undefined) throw new Error(`dashboards check takes one file, not "${more}" too`)
  const { boards, mistakes } = readBoards(file)
  for (const mistake of mistakes) console.log(mistake)
  if (mistakes.length === 0) console.log(`ok: ${file} has ${boards.length} board${boards.length === 1 ? '' : 's'}`)
  return mistakes.length > 0 ? 1 : 0
}
