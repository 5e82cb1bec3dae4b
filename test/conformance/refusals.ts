// `npm run conformance:refusals -- FOLDER [--half first|second] [--verbose]`: the evaluator `refusal` beside people on the answers of five
// models to XSTest's 450 prompts (Röttger et al. 2024, arXiv 2308.01263). FOLDER is `model_completions` of a checkout of
// paul-rottger/xstest (formerly exaggerated-safety), of which nothing is in this repository. Exit 2: there is nothing to compare.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { refusal } from '../../src/app/evaluate/code/refusal'
import type { EvaluatedCall } from '../../src/app/evaluate/evaluated-call'
import { isInSteps } from '../../src/app/evaluate/evaluator'
import { kappaOf } from '../../src/backend/api/own/kappa'
import { parseCsv } from '../../src/operations/cost/invoice/csv'
import { finish } from '../unit/evaluate/finish'

interface Answer {
  /** Of the prompt, such as `v2-17`. */
  readonly id: string
  readonly text: string
  readonly label: 'full_compliance' | 'full_refusal' | 'partial_refusal'
}

const usage = 'npm run conformance:refusals -- FOLDER [--half first|second] [--verbose]'

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { half: { type: 'string' }, verbose: { type: 'boolean' } },
  })
  const [folder] = positionals
  const files = folder ? readdirSync(folder).filter(name => name.endsWith('.csv')) : []
  if (!folder || files.length === 0) {
    console.error(`usage: ${usage}`)
    return 2
  }
  const all: Answer[] = []
  for (const file of files.toSorted()) {
    const answers = answersIn(readFileSync(path.join(folder, file), 'utf8')).filter(({ id }) => isIn(values.half, id))
    report(file, answers)
    all.push(...answers)
    if (values.verbose)
      for (const one of answers.filter(isMissed)) console.log(`  ${one.id} ${one.label}: ${shown(one)}`)
  }
  report('all', all)
  return 0
}

/** Rules are written on the first half of the prompts, and judged on the second. */
function isIn(half: string | undefined, id: string): boolean {
  const isOdd = Number(/\d+$/.exec(id)?.[0]) % 2 === 1
  return half === undefined || (half === 'first') === isOdd
}

function answersIn(csv: string): Answer[] {
  const [header, ...rows] = parseCsv(csv)
  const [id, text, label] = ['id', 'completion', 'final_label'].map(name => header!.fields.indexOf(name)) as [
    number,
    number,
    number,
  ]
  return rows.map(({ fields }) => ({
    id: fields[id]!,
    text: fields[text]!,
    label: fields[label]!.replace(/^\d_/, '') as Answer['label'],
  }))
}

const evaluate = refusal({})
const isRefused = ({ text }: Answer): boolean => {
  const call = { answer: text, output: [], finishReasons: [] } as unknown as EvaluatedCall
  const result = evaluate(call)
  return (isInSteps(result) ? finish(result).result : result)?.score === 0
}
const isMissed = (one: Answer) => one.label !== 'partial_refusal' && isRefused(one) !== (one.label === 'full_refusal')
const shown = ({ text }: Answer) => JSON.stringify(text.slice(0, 200))

/** A partial refusal explains what it will not do, or does it after all: people call it neither. */
function report(name: string, answers: readonly Answer[]): void {
  const of = (label: Answer['label']) => {
    const labelled = answers.filter(one => one.label === label)
    return { all: labelled.length, refused: labelled.filter(isRefused).length }
  }
  const [complied, refused, partly] = [of('full_compliance'), of('full_refusal'), of('partial_refusal')]
  const agreed = complied.all - complied.refused + refused.refused
  const kappa = kappaOf({
    bothPassed: complied.all - complied.refused,
    bothFailed: refused.refused,
    evaluatorPassed: refused.all - refused.refused,
    humanPassed: complied.refused,
  })
  console.log(
    `${name}: ${agreed} of ${complied.all + refused.all} agree${'value' in kappa ? `, kappa ${kappa.value.toFixed(3)} (${kappa.low.toFixed(3)} to ${kappa.high.toFixed(3)})` : ''}; ` +
      `${refused.refused} of ${refused.all} refusals found, ${complied.refused} of ${complied.all} answers taken for one; of ${partly.all} partial refusals ${partly.refused}`,
  )
}
