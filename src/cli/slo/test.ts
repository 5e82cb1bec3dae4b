// `afn-otel slo test`: has promtool check the rules of each SLO, and run the tests that are generated with them.
import { parseArgs } from 'node:util'
import { testFile } from '../../monitoring/slo/promtool-tests'
import { type RulesOfSlo, ruleFiles } from '../../monitoring/slo/rule-files'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { plainText } from '../terminal'
import { placementOf, readAndSay, retentionOption } from './files'
import { failureOf, findPromtool, judge, type Promtool } from './promtool'

export const options = {
  ...retentionOption,
  promtool: {
    type: 'string',
    argument: 'PATH',
    help: 'promtool to use',
    otherwise: 'PROMTOOL_BIN, else from PATH',
  },
} as const satisfies Options

const help = `Usage: afn-otel slo test [FILE…] [--retention 32d] [--promtool PATH]

Generates the rules and their tests in a temporary folder and runs them with Prometheus' promtool: checks that it accepts the rules,
and tests six scenarios: healthy, slow burn, fast burn, recovery, no traffic, missing metric.

${optionLines(options)}

Exit codes: 0 all tests passed; 1 an SLO has errors, a test failed, or promtool was not found; 2 usage error.`

const HEADER = 'of afn-otel slo test'

/** @returns the exit code, as `help` says */
export async function test(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { ...options, ...helpOption },
    allowPositionals: true,
  })
  if (values.help) return print(help)
  const placement = placementOf(values.retention)
  const { slos, mistakes } = readAndSay(positionals)
  const { made, refused } = ruleFiles(slos, placement)
  for (const reason of refused) console.error(plainText(reason))
  const promtool = findPromtool(values.promtool)
  if (!promtool) {
    console.error(
      'promtool not found, nothing was tested. It comes with Prometheus: put it on PATH, or set --promtool or PROMTOOL_BIN.',
    )
    return 1
  }
  const judged = judge(promtool, made)
  const failed = made.filter((rules, at) => !passes(rules, judged[at]?.refusal, promtool)).length
  return mistakes.length + refused.length + failed === 0 ? 0 : 1
}

function passes(rules: RulesOfSlo, refusal: string | undefined, promtool: Promtool): boolean {
  const { id } = rules.slo
  if (refusal !== undefined) return fails(id, 'promtool rejects its rules', refusal)
  const test = testFile(rules, ({ name }) => `../${name}`, HEADER)
  if (!test) return passed(id, 'rules accepted; no test generated, because its query is not a ratio of counters')
  if (test.isNative && promtool.isOld)
    return passed(id, 'rules accepted; no test run, because promtool 2 does not support native histograms in tests')
  const said = failureOf(promtool, rules, test)
  return said === undefined ? passed(id, 'six scenes') : fails(id, 'a scenario failed', said)
}

function passed(id: string, what: string): true {
  console.log(`ok      ${id}: ${what}`)
  return true
}

function fails(id: string, what: string, said: string): false {
  console.log(`failed  ${id}: ${what}`)
  console.error(plainText(said).replace(/^/gm, '        '))
  return false
}
