// Runs versions of an app on the cases of a dataset, and says whether its answers are better or worse.
import type { Redactor } from '../../shared/redact'
import { print } from '../help'
import { json, plainText } from '../terminal'
import { type Answers, recordedAnswers, runApp } from './answers'
import { compareAll } from './compare'
import { evaluatorsOf } from './evaluators'
import { evaluatorRater, expectedRater, type Rater, type Ratings, rateAll } from './rate'
import { type Case, readDataset } from './read-dataset'
import { comparisonLines } from './report'

export interface VersionsOptions {
  readonly dataset: string
  /** Commands for the shell. */
  readonly run: string
  readonly against: string | undefined
  /** A file. */
  readonly evaluators: string | undefined
  readonly expected: boolean
  readonly timeout: string
  readonly json: boolean
  readonly redactor: Pick<Redactor, 'text'>
  readonly say: (line: string) => void
}

interface Version {
  /** The command; null for the recorded answers. */
  readonly command: string | null
  readonly answers: Answers
  readonly errors: ReadonlyMap<string, string>
}

/** @returns 0 not worse; 1 worse @throws Error where a file or an app can't be used */
export async function compareVersions(options: VersionsOptions): Promise<number> {
  const { run, against, say } = options
  const seconds = Number(options.timeout)
  if (!(seconds > 0 && seconds <= 86_400))
    throw new Error(`--timeout takes seconds, above 0 and up to 86400, not "${options.timeout}"`)
  const raters = ratersOf(options)
  const cases = readDataset(options.dataset)
  const baseline = against === undefined ? recorded(cases) : await versionOf(against, cases, seconds, say)
  const candidate = await versionOf(run, cases, seconds, say)

  const rated = [...answeredRatings(cases, baseline, candidate)]
  for (const rater of raters) {
    const before = await rateAll(rater, cases, baseline.answers)
    const after = await rateAll(rater, cases, candidate.answers)
    for (const problem of new Set([...before.problems, ...after.problems])) say(problem)
    rated.push({ name: rater.name, baseline: before.byCase, candidate: after.byCase })
  }
  const comparisons = compareAll(rated)
  if (options.json) {
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
function ratersOf({ evaluators: file, expected: wantsExpected, redactor, against }: VersionsOptions): Rater[] {
  // the recorded answer would be held against itself, and win
  const isTold = ({ expectedFrom }: Case) => against !== undefined || expectedFrom !== 'answer'
  const expected = wantsExpected ? [expectedRater] : []
  if (!file) {
    if (wantsExpected) return expected
    throw new Error('evaluate needs --evaluators FILE (or AFN_EVALUATORS), --expected, or both')
  }
  return [...evaluatorsOf(file, redactor).map(one => evaluatorRater(one, isTold)), ...expected]
}

function recorded(cases: readonly Case[]): Version {
  const answers = recordedAnswers(cases)
  if (answers.size === 0)
    throw new Error('no case has a recorded answer; give the version to compare with: --against COMMAND')
  return { command: null, answers, errors: new Map() }
}

/** @throws Error where it answers no case */
async function versionOf(
  command: string,
  cases: readonly Case[],
  seconds: number,
  say: VersionsOptions['say'],
): Promise<Version> {
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
