// `afn-otel slo check`: every mistake in files of SLOs at once.
import { parseArgs } from 'node:util'
import { ruleFiles } from '../../monitoring/slo/rule-files'
import { helpOption, print } from '../help'
import { optionLines } from '../options'
import { plainText } from '../terminal'
import { placementOf, readAndSay, retentionOption } from './files'

const help = `Usage: afn-otel slo check [FILE…] [--retention 32d]

Reports every error with file, line, column and a fix, and warns about valid but unexpected results, such as an alert that can
never fire.

${optionLines(retentionOption)}

Exit codes: 0 no errors; 1 errors, or a period longer than the retention; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function check(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...retentionOption, ...helpOption },
    allowPositionals: true,
  })
  if (values.help) return print(help)
  const placement = placementOf(values.retention)
  const { slos, mistakes, places } = readAndSay(positionals)
  const { refused } = ruleFiles(slos, placement)
  for (const reason of refused) console.error(plainText(reason))
  const bad = mistakes.length + refused.length
  console.log(
    `${bad === 0 ? 'ok' : `${bad} mistakes`}: ${slos.length} SLOs ${places.length > 0 ? `in ${places.join(', ')}` : 'by default'}`,
  )
  return bad === 0 ? 0 : 1
}
