// `afn-otel evaluate`: a version of an app on the cases of a dataset, compared with another version or with the recorded answers.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as yaml from 'yaml'
import { readEvaluators } from '../app/evaluate/config/file'
import { createSdkRedactor } from '../app/sdk/redactor'
import { type Answers, recordedAnswers, runApp } from './evaluate/answers'
import { compareAll } from './evaluate/compare'
import { evaluatorRater, expectedRater, type Rater, type Ratings, rateAll } from './evaluate/rate'
import { type Case, readDataset } from './evaluate/read-dataset'
import { comparisonLines } from './evaluate/report'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'
import { readSettings } from './read-settings'
import { json, plainText } from './terminal'

export const options = {
  dataset: { type: 'string', argument: 'FILE', help: 'cases, as afn-otel dataset writes them' },
  run: { type: 'string', argument: 'COMMAND', help: 'runs the version to evaluate, in a shell' },
  against: {
    type: 'string',
    argument: 'COMMAND',
    help: 'runs the version to compare with',
    otherwise: 'the recorded answers',
  },
  evaluators: {
    type: 'string',
    argument: 'FILE',
    help: 'evaluators.yaml; rate and per_hour do not apply',
    otherwise: 'AFN_EVALUATORS',
  },
  expected: { type: 'boolean', default: false, help: 'also rates whether the answer is exactly the expected one' },
  timeout: { type: 'string', argument: 'SECONDS', default: '600', help: 'longest time for all cases of one version' },
  json: { type: 'boolean', default: false, help: 'prints comparisons and all ratings as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel evaluate --dataset FILE --run COMMAND [--against COMMAND] [--evaluators FILE] [--expected] [--json]

Runs your app on the cases of a dataset, rates its answers, and says whether they are better or worse than before, or that no difference
is seen. The app reads a JSON line per case from stdin (id, messages, system, tools, model, provider, parameters) and writes a JSON line
per answer to stdout: {"id": …, "output": "text"}, or {"id": …, "error": "text"}. Both versions get the same cases; an exact test of the
pairs at the 5 % level, for all evaluators together, tells a difference from chance.

${optionLines(options)}

Exit codes: 0 not worse; 1 worse; 2 usage error, or a file or an app that can't be used.`

interface Version {
  /** The command; null for the recorded answers. */
  readonly command: string | null
  readonly answers: Answers
  readonly errors: ReadonlyMap<string, string>
}

const say = (line: string): void => console.error(`afn-otel evaluate: ${plainText(line)}`)

/** @returns the exit code, as `help` says */
export async function evaluate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const { dataset, run, against } = values
  if (!dataset || !run) throw new Error('evaluate needs --dataset FILE and --run COMMAND, such as --run "node app.js"')
  const seconds = Number(values.timeout)
  if (!(seconds > 0 && seconds <= 86_400))
    throw new Error(`--timeout takes seconds, above 0 and up to 86400, not "${values.timeout}"`)
  const raters = ratersOf(values.evaluators ?? process.env.AFN_EVALUATORS, values.expected)
  const cases = readDataset(dataset)
  const baseline = against === undefined ? recorded(cases) : await versionOf(against, cases, seconds)
  const candidate = await versionOf(run, cases, seconds)

  const rated = [...answeredRatings(cases, baseline, candidate)]
  for (const rater of raters) {
    const before = await rateAll(rater, cases, baseline.answers)
    const after = await rateAll(rater, cases, candidate.answers)
    for (const problem of new Set([...before.problems, ...after.problems])) say(problem)
    rated.push({ name: rater.name, baseline: before.byCase, candidate: after.byCase })
  }
  const comparisons = compareAll(rated)
  if (values.json) {
    const versionJson = ({ command, errors }: Version) => ({ command, errors: Object.fromEntries(errors) })
    const ratings = rated.map(({ name, ...both }) => ({
      evaluator: name,
      baseline: Object.fromEntries(both.baseline),
      candidate: Object.fromEntries(both.candidate),
    }))
    print(
      json({
        cases: cases.length,
        baseline: versionJson(baseline),
        candidate: versionJson(candidate),
        comparisons,
        ratings,
      }),
    )
  } else for (const line of comparisonLines(comparisons)) console.log(plainText(line))
  if (comparisons.every(({ pairs }) => pairs === 0))
    throw new Error('no evaluator rated a case in both versions; choose evaluators that fit the cases, or --expected')
  return comparisons.some(({ finding }) => finding === 'worse') ? 1 : 0
}

/** @throws Error with all mistakes of the file */
function ratersOf(file: string | undefined, wantsExpected: boolean): Rater[] {
  const expected = wantsExpected ? [expectedRater] : []
  if (!file) {
    if (wantsExpected) return expected
    throw new Error('evaluate needs --evaluators FILE (or AFN_EVALUATORS), --expected, or both')
  }
  const { redactor } = createSdkRedactor({ ...readSettings(), captureContent: 'redacted' })
  const means = { redact: async (text: string) => redactor.text(text), environment: process.env }
  const { evaluators, mistakes } = readEvaluators(readFileSync(file, 'utf8'), yaml, means)
  if (mistakes.length > 0) throw new Error(mistakes.map(mistake => `${file}:${mistake}`).join('\n'))
  return [...evaluators.map(evaluatorRater), ...expected]
}

function recorded(cases: readonly Case[]): Version {
  const answers = recordedAnswers(cases)
  if (answers.size === 0)
    throw new Error('no case has a recorded answer; give the version to compare with: --against COMMAND')
  return { command: null, answers, errors: new Map() }
}

/** @throws Error where it answers no case */
async function versionOf(command: string, cases: readonly Case[], seconds: number): Promise<Version> {
  const { answers, errors, ending } = await runApp(command, cases, seconds * 1_000)
  const left = cases.length - answers.size
  const [why] = errors.values()
  const reason = `${ending}${why === undefined ? '' : `; ${why}`}`
  if (answers.size === 0) {
    throw new Error(
      `"${command}" answered none of ${cases.length} cases (${reason}); it has to write {"id": …, "output": …} to stdout for each line of stdin`,
    )
  }
  if (left > 0) say(`"${command}" left ${left} of ${cases.length} cases without an answer (${reason})`)
  return { command, answers, errors }
}

/** Whether there is an answer is rated as well, where one version lacks some: what has none is not rated by anything else. */
function answeredRatings(cases: readonly Case[], baseline: Version, candidate: Version) {
  const rated = (answers: Answers): Ratings['byCase'] =>
    new Map(
      cases.map(({ id }) => [
        id,
        { verdict: answers.has(id) ? 'pass' : 'fail', score: null, label: null, explanation: null } as const,
      ]),
    )
  if (baseline.answers.size === cases.length && candidate.answers.size === cases.length) return []
  return [{ name: 'answered', baseline: rated(baseline.answers), candidate: rated(candidate.answers) }]
}
