// `afn-otel dashboards`: checks the Grafana boards of your own, and writes all boards for a Grafana of your own.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { portableDashboard } from '../monitoring/dashboards/files'
import { MONITORING_FILE } from '../shared/config/monitoring-config'
import { readBoards } from './dashboards/file'
import { boardsIn } from './dashboards/of-up'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'

export const options = {
  out: { type: 'string', argument: 'DIR', default: 'dashboards', help: 'export: output folder, one file per board' },
  language: { type: 'string', argument: 'en', default: 'en', help: 'export: en or ja' },
} as const satisfies Options

const help = `Usage: afn-otel dashboards check [FILE]
       afn-otel dashboards export [--out DIR] [--language en]

check   reports every error in dashboard_config of FILE [${MONITORING_FILE}] as FILE:LINE:COLUMN with a fix:
        keys and values, units, metrics, invalid PromQL, overlapping panels, duplicate uids
export  writes the boards to import into your own Grafana: the built-in ones, those of your budgets, and your own from
        ${MONITORING_FILE}. The Prometheus data source is a variable of each board

afn-otel generate already writes the boards for the Grafana in its folder.

${optionLines(options)}

Exit codes: 0 no errors; 1 errors found, nothing written; 2 usage error, or FILE can't be read.`

/** @returns the exit code, as `help` says */
export async function dashboards(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  const [name, file, more] = positionals
  if (values.help || name === undefined) return print(help) || (values.help ? 0 : 2)
  if (name === 'check') {
    if (more !== undefined) throw new Error(`unexpected argument "${more}"; dashboards check takes one file`)
    return check(file ?? MONITORING_FILE)
  }
  if (name !== 'export') throw new Error(`dashboards takes check or export, not "${name}"`)
  if (file !== undefined) throw new Error(`unexpected argument "${file}"; dashboards export takes only options`)
  return exportTo(values.out, values.language)
}

function check(file: string): number {
  const { boards, mistakes } = readBoards(file)
  for (const mistake of mistakes) console.log(mistake)
  if (mistakes.length === 0) console.log(`ok: ${file} has ${boards.length} board${boards.length === 1 ? '' : 's'}`)
  return mistakes.length > 0 ? 1 : 0
}

function exportTo(out: string, language: string): number {
  if (language !== 'en' && language !== 'ja') throw new Error(`--language takes en or ja, not "${language}"`)
  const { boards, problems } = boardsIn(language)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) return 1
  mkdirSync(out, { recursive: true })
  for (const board of boards) {
    const at = path.join(out, `${board.uid.replace(/[^\w-]/g, '_')}.json`)
    writeFileSync(at, `${JSON.stringify(portableDashboard(board), null, 2)}\n`)
    console.log(`wrote ${at}`)
  }
  return 0
}
