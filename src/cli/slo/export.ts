// `afn-otel slo export openslo [FILE…]`: SLOs as objects of OpenSLO v1.
import { parseArgs } from 'node:util'
import { exportOpenSlo } from '../../monitoring/slo/openslo/export'
import { helpOption, print } from '../help'
import { readAndSay, yamlOf } from './files'

const help = `Usage: afn-otel slo export openslo [FILE…]

Converts the SLOs in FILE to OpenSLO v1 objects on stdout; for the default of FILE, see afn-otel slo --help. What OpenSLO cannot express
goes to the annotation otel.afn/slo, which slo import openslo reads back.

Exit codes: 0 written; 1 a file has errors, only the valid SLOs were written; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function exportSlos(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: helpOption })
  if (values.help) return print(help)
  const [format, ...files] = positionals
  if (format !== 'openslo') throw new Error(`slo export takes openslo${format ? `, not "${format}"` : ''}\n\n${help}`)
  const { slos, mistakes } = readAndSay(files)
  process.stdout.write(yamlOf(exportOpenSlo(slos)))
  return mistakes.length === 0 ? 0 : 1
}
