// `afn-otel slo test`: has promtool check the rules of each SLO, and run the tests that are generated with them.
import { parseArgs } from 'node:util'
import { testFile } from '../../slo/promtool-tests'
import { type RulesOfSlo, ruleFiles } from '../../slo/rule-files'
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
    help: 'the promtool that runs them',
    otherwise: 'PROMTOOL_BIN, else that of PATH',
  },
} as const satisfies Options

const help = `Usage: afn-otel slo test [FILE…] [--retention 32d] [--promtool PATH]

Makes the rules and their tests in a folder of its own, and has Prometheus' promtool run them: whether it accepts the rules, and
what they do in six scenes: healthy, slow burn, fast burn, recovery, no traffic, missing metric.

${optionLines(options)}

Exit codes: 0 all passed; 1 an SLO has a mistake, a test failed, or there is no promtool; 2 the command is not right.`

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
      'There is no promtool, so nothing was tested. It comes with Prometheus: put it on PATH, or name it with --promtool or PROMTOOL_BIN.',
    )
    return 1
  }
  const judged = judge(promtool, made)
  const failed = made.filter((rules, at) => !passes(rules, judged[at]?.refusal, promtool)).length
  return mistakes.length + refused.length + failed === 0 ? 0 : 1
}

function passes(rules: RulesOfSlo, refusal: string | undefined, promtool: Promtool): boolean {
  const { id } = rules.slo
  if (refusal !== undefined) return fails(id, 'promtool refuses its rules', refusal)
  const test = testFile(rules, ({ name }) => `../${name}`, HEADER)
  if (!test) return passed(id, 'rules are accepted; no test is generated, since its query is no quotient of counters')
  if (test.isNative && promtool.isOld)
    return passed(id, 'rules are accepted; no test is run, since promtool 2 reads no native histograms in tests')
  const said = failureOf(promtool, rules, test)
  return said === undefined ? passed(id, 'six scenes') : fails(id, 'a scene failed', said)
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
