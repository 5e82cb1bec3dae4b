// `afn-otel config [--explain]`: the settings that the preload would read in this folder; `check` and `init` handle the files that people
// edit.
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { planOf } from '../pipeline/deployment/plan'
import { explain } from '../shared/config/explain'
import { resolve } from '../shared/config/resolve'
import { createRedactor } from '../shared/redact'
import { check } from './config/check'
import { init } from './config/init'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'

export const options = {
  explain: {
    type: 'boolean',
    default: false,
    help: 'shows all settings, with description, name in the file and allowed values',
  },
} as const satisfies Options

const help = `Usage: afn-otel config [--explain]
       afn-otel config check [FILE…]
       afn-otel config init [FILE…]

Shows the settings that differ from their default, as the preload reads them in this folder, and the source of each.
Secrets are never shown.

${optionLines(options)}

check reports every error in slo.yaml, alerts-config.yaml, monitoring-config.json and logging-config.json, or in FILE, as
FILE:LINE:COLUMN with a fix. init creates these files, or the named ones, with comments; it never overwrites a file.

Exit codes: 0 all files are valid, or were written; 1 a file is invalid, or already exists; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function config(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...options, ...helpOption },
    allowPositionals: true,
  })
  if (values.help) return print(help)
  const [name, ...files] = positionals
  if (name === 'check') return check(files)
  if (name === 'init') return init(files)
  if (name !== undefined) throw new Error(`config takes check or init, not "${name}"`)
  const resolved = resolve({ env: process.env, cwd: process.cwd(), parseYaml: parse })
  const redactor = createRedactor()
  const rows = explain(resolved, (key, value) => redactor.value(key, value))
  for (const row of values.explain ? rows : rows.filter(row => row.from !== 'default')) {
    console.log(`${row.env[0]} = ${row.value}  (${row.from})`)
    if (values.explain) console.log(`    ${row.doc} In the file: ${row.file}. Allowed: ${row.allowed}.`)
  }
  if (!values.explain)
    console.log(
      `${rows.filter(row => row.from === 'default').length} settings have their default value; to show all, use --explain.`,
    )
  const problems = resolved.problems.map(({ code, message }) => `${code} ${message}`)
  const ofPipeline = pipelineProblem()
  // both checks report a file that can't be read
  if (ofPipeline !== undefined && !problems.some(problem => problem.endsWith(ofPipeline))) problems.push(ofPipeline)
  for (const problem of problems) console.error(problem)
  return problems.length > 0 ? 1 : 0
}

/** Checks the section `pipeline`, which is for `generate`, `up` and others, but not for the preload. */
function pipelineProblem(): string | undefined {
  try {
    planOf('single', pipelineSettings())
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
