// What an evaluation found, in sentences.
import type { Comparison, Finding } from './compare'

const said: Readonly<Record<Finding, string>> = {
  better: 'Better',
  worse: 'Worse',
  'no difference': 'No difference seen',
  'no pairs': 'Nothing to compare',
}

/** Ids of cases that a line lists. */
const MOST_IDS = 10

export function comparisonLines(comparisons: readonly Comparison[]): string[] {
  const lines = comparisons.flatMap(one => {
    // where an evaluator gives no verdict, its scores say all
    const isVoid = one.pairs === 0 && comparisons.some(other => other !== one && other.evaluator === one.evaluator)
    return isVoid ? [] : [sentenceOf(one), ...worseLine(one, comparisons)]
  })
  const tests = comparisons.filter(({ pairs }) => pairs > 0).length
  return tests > 1 ? [...lines, `p is adjusted for ${tests} comparisons (Holm)`] : lines
}

function sentenceOf(one: Comparison): string {
  const { evaluator, measure, pairs, better, worse, baseline, candidate, difference, interval, finding } = one
  const name = measure === 'verdict' ? evaluator : `${evaluator} (${measure})`
  const counts = `${pairs} case${pairs === 1 ? '' : 's'}, ${better} better, ${worse} worse, ${pText(one.adjustedP)}`
  if (pairs === 0) return `${name}: ${said[finding]} (no case was rated in both versions)`
  const scale =
    measure === 'verdict'
      ? `passed ${percent(baseline)} → ${percent(candidate)}, difference ${points(difference)} points`
      : `mean score ${fixed(baseline)} → ${fixed(candidate)}, ${measure === 'mean' ? '' : 'median '}difference ${signed(difference)}`
  const range = interval && (measure === 'verdict' ? [points(interval.low), points(interval.high)] : [signed(interval.low), signed(interval.high)]) // biome-ignore format: one choice
  return `${name}: ${said[finding]} (${counts}); ${scale}${range ? `, 95 % interval ${range.join(' to ')}` : ''}`
}

/** The same cases are not listed twice. */
function worseLine({ evaluator, measure, worseCases, finding }: Comparison, all: readonly Comparison[]): string[] {
  const byScore = all.find(other => other.evaluator === evaluator && other.measure === 'score')
  const isListed = measure === 'mean' && byScore !== undefined && byScore.finding !== 'better'
  if (worseCases.length === 0 || finding === 'better' || isListed) return []
  const more = worseCases.length - MOST_IDS
  return [`  worse: ${worseCases.slice(0, MOST_IDS).join(' ')}${more > 0 ? ` and ${more} more` : ''}`]
}

const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`)
const fixed = (value: number | null): string => (value ?? 0).toFixed(2)
const percent = (share: number | null): string => `${((share ?? 0) * 100).toFixed(0)} %`
const minus = (text: string): string => text.replace('-', '−')
const points = (share: number | null): string => sign(((share ?? 0) * 100).toFixed(0))
const signed = (value: number | null): string => sign(fixed(value))
const sign = (text: string): string => (Number(text) > 0 ? `+${text}` : minus(Number(text) === 0 ? text.replace('-', '') : text)) // biome-ignore format: one choice
