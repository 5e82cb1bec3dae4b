/** How two spans of a trace stand to each other, by the nested sets that the store computes. Called by spansets.ts. */
import type { Relation } from './ast'

/**
 * A condition on two rows of one trace: `b` is a child, descendant, parent, ancestor or sibling of `a`. Spans of a trace
 * without a root have 0 everywhere, and are in no relation, as in Tempo. Roots have a parent below 0, and are siblings.
 */
export function related(relation: Relation, a: string, b: string): string {
  switch (relation) {
    case '>':
      return childOf(a, b)
    case '<':
      return childOf(b, a)
    case '>>':
      return descendantOf(a, b)
    case '<<':
      return descendantOf(b, a)
    case '~':
      return `${a}.nparent = ${b}.nparent AND ${b}.nparent <> 0 AND ${a}.seq <> ${b}.seq`
  }
}

const childOf = (parent: string, child: string) => `${parent}.nleft = ${child}.nparent AND ${child}.nparent > 0`

const descendantOf = (ancestor: string, span: string) =>
  `${ancestor}.nleft < ${span}.nleft AND ${ancestor}.nright > ${span}.nright AND ${ancestor}.nleft > 0`
