// `afn-otel config [--explain]`: the settings as the preload would see them in this folder; `check` and `init`: the files that people edit.
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { explain } from '../config/explain'
import { resolve } from '../config/resolve'
import { planOf } from '../pipeline/plan'
import { createRedactor } from '../redact'
import { check } from './config/check'
import { init } from './config/init'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'

export const options = {
  explain: {
    type: 'boolean',
    default: false,
    help: 'all settings, with what each does, its name in the file, and what it may be',
  },
} as const satisfies Options

const help = `Usage: afn-otel config [--explain]
       afn-otel config check [FILE…]
       afn-otel config init [FILE…]

The settings that are not at their default, as the preload would see them in this folder, and where each comes from.
Secrets are never shown.

${optionLines(options)}

check names every mistake in slo.yaml, alerts-config.yaml, monitoring-config.json and logging-config.json, or in FILE, as
FILE:LINE:COLUMN and what would be right. init writes them, or the named ones, with comments; it overwrites none.

Exit codes: 0 all are right, or written; 1 one is wrong, or is there already; 2 the command is not right.`

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
      `${rows.filter(row => row.from === 'default').length} settings have their default; --explain shows all.`,
    )
  const problems = resolved.problems.map(({ code, message }) => `${code} ${message}`)
  const ofPipeline = pipelineProblem()
  // both report a file that can't be read
  if (ofPipeline !== undefined && !problems.some(problem => problem.endsWith(ofPipeline))) problems.push(ofPipeline)
  for (const problem of problems) console.error(problem)
  return problems.length > 0 ? 1 : 0
}

/** What stands under `pipeline` is for `generate`, `up` and others, not for the preload. */
function pipelineProblem(): string | undefined {
  try {
    planOf('single', pipelineSettings())
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
