// `afn-otel config [--explain]`: the settings as the preload would see them in this folder.
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { explain } from '../config/explain'
import { resolve } from '../config/resolve'

/** @returns 1 when a setting is wrong, else 0 */
export async function config(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { explain: { type: 'boolean', default: false } } })
  const resolved = resolve({ env: process.env, cwd: process.cwd(), parseYaml: parse })
  const rows = explain(resolved)
  for (const row of values.explain ? rows : rows.filter(row => row.from !== 'default')) {
    console.log(`${row.env[0]} = ${row.value}  (${row.from})`)
    if (values.explain) console.log(`    ${row.doc} In the file: ${row.file}. Allowed: ${row.allowed}.`)
  }
  if (!values.explain)
    console.log(
      `${rows.filter(row => row.from === 'default').length} settings have their default; --explain shows all.`,
    )
  for (const problem of resolved.problems) console.error(`${problem.code} ${problem.message}`)
  return resolved.problems.length > 0 ? 1 : 0
}
