// `afn-otel config [--explain]`: the settings as the preload would see them in this folder.
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { explain } from '../config/explain'
import { resolve } from '../config/resolve'
import { planOf } from '../pipeline/plan'
import { createRedactor } from '../redact'
import { helpOption, print } from './help'
import { pipelineSettings } from './pipeline-settings'

const help = `Usage: afn-otel config [--explain]

The settings that are not at their default, as the preload would see them in this folder, and where each comes from.
Secrets are never shown.

--explain  all settings, with what each does, its name in the file, and what it may be

Exit codes: 0 all are right; 1 one is wrong, and which is said on stderr; 2 the command is not right.`

/** @returns the exit code, as `help` says */
export async function config(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { explain: { type: 'boolean', default: false }, ...helpOption },
  })
  if (values.help) return print(help)
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
  // a file that can't be read is told of by both
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
