// The file of evaluators: YAML, or JSON with comments, and the place of each of its mistakes.
import type { Document, LineCounter, Node } from 'yaml'
import { withoutComments } from '../../../shared/config/json-comments'
import type { Evaluator } from '../evaluator'
import type { Means } from '../means'
import type { Problem } from './fields'
import { evaluatorsIn } from './read'

type Yaml = Pick<typeof import('yaml'), 'isMap' | 'isScalar' | 'isSeq' | 'LineCounter' | 'parseDocument'>

/** @returns mistakes as `3:9 rate is 2; give …`, by their places; both from 1 */
export function readEvaluators(
  text: string,
  yaml: Yaml,
  means: Means,
): { readonly evaluators: readonly Evaluator[]; readonly mistakes: readonly string[] } {
  const lineCounter = new yaml.LineCounter()
  const document = yaml.parseDocument(withoutComments(text), { lineCounter, prettyErrors: false }) as Document
  if (document.errors.length > 0)
    return { evaluators: [], mistakes: document.errors.map(({ pos, message }) => said(lineCounter, pos[0], message)) }
  const { evaluators, problems } = evaluatorsIn(document.toJS({ maxAliasCount: 100 }) as unknown, means)
  const placed = problems.map(problem => ({ at: offsetOf(problem, document, yaml), message: problem.message }))
  placed.sort((a, b) => a.at - b.at)
  return { evaluators, mistakes: placed.map(({ at, message }) => said(lineCounter, at, message)) }
}

function said(lines: LineCounter, offset: number, message: string): string {
  const { line, col } = lines.linePos(offset)
  return `${line}:${col} ${message}`
}

/** Where it stands, or what is nearest above it. */
function offsetOf({ path, isKey }: Problem, document: Document, yaml: Yaml): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [at, step] of path.entries()) {
    const pair = yaml.isMap(node)
      ? node.items.find(({ key }) => String(yaml.isScalar(key) ? key.value : key) === String(step))
      : undefined
    const isAtKey = pair && ((isKey && at === path.length - 1) || startOf(pair.value) === undefined)
    node = pair ? (isAtKey ? pair.key : pair.value) : yaml.isSeq(node) ? node.items[Number(step)] : undefined
    const start = startOf(node)
    if (start === undefined) break
    offset = start
  }
  return offset
}

const startOf = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0]
