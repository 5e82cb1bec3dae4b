// Called by generate.ts.
import { Document, type Node, type Scalar, type YAMLMap } from 'yaml'
import { Note, type Section } from './note'

/** The YAML text. A `$` that does not begin `${env:…}` is doubled, as the Collector wants it. */
export function render(header: string, config: Section): string {
  const document = new Document()
  const contents = nodeOf(document, config) as YAMLMap<Scalar>
  for (const { key } of contents.items.slice(1)) key.spaceBefore = true
  document.contents = contents
  document.commentBefore = indent(header)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function nodeOf(document: Document, value: unknown): Node {
  if (value instanceof Note) {
    const node = nodeOf(document, value.value)
    if (typeof value.value === 'object') node.commentBefore = indent(value.comment)
    else node.comment = ` ${value.comment}`
    return node
  }
  if (typeof value === 'string') return document.createNode(value.replace(/\$(?!\{env:)/g, '$$$$'))
  if (Array.isArray(value)) {
    const flow = value.every(item => typeof item === 'string' && /^[\w/.-]+$/.test(item))
    return document.createNode(
      value.map(item => nodeOf(document, item)),
      { flow },
    )
  }
  if (typeof value !== 'object' || value === null) return document.createNode(value)
  const entries = Object.entries(value).map(([key, item]) => [key, nodeOf(document, item)])
  return document.createNode(Object.fromEntries(entries))
}

const indent = (text: string): string => text.trim().replace(/^/gm, ' ')
