// `afn-otel slo import openslo FILE…`: SLOs of OpenSLO v1 as a file of ours.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { importOpenSlo } from '../../monitoring/slo/openslo/import'
import { filesOf } from '../../monitoring/slo/write'
import { helpOption, print } from '../help'
import { lineOf } from '../mistakes'
import { yamlOf } from './files'

const help = `Usage: afn-otel slo import openslo FILE…

Converts OpenSLO v1 files (SLO, SLI, AlertPolicy, AlertCondition, DataSource, Service) to a file of SLOs on stdout, such as slo.yaml.
Resolves references across all files. Reports what it rejects or changes on stderr, with file, line and column.

Exit codes: 0 every SLO was imported; 1 something was rejected; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function importSlos(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: helpOption })
  if (values.help) return print(help)
  const [format, ...files] = positionals
  if (format !== 'openslo') throw new Error(`slo import takes openslo${format ? `, not "${format}"` : ''}\n\n${help}`)
  if (files.length === 0) throw new Error(`slo import openslo needs files\n\n${help}`)
  const { slos, remarks } = importOpenSlo(files.map(file => ({ file, text: readFileSync(file, 'utf8') })))
  for (const remark of remarks) console.error(lineOf(remark.file, remark, `${remark.kind}: `))
  process.stdout.write(yamlOf(filesOf(slos)))
  return remarks.some(({ kind }) => kind === 'refused') ? 1 : 0
}
