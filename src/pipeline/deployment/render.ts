// YAML with comments out of sections and their notes.
import { Document, type Node, type Scalar, type YAMLMap } from 'yaml'
import { Note, type Section } from './yaml-comments'

/** Longer lists are written an item a line. */
const LONGEST_FLOW = 90

/** The YAML text: plain, without anchors, a blank line between the sections. */
export function render(header: string, config: Section): string {
  const document = new Document()
  const contents = nodeOf(document, config) as YAMLMap<Scalar>
  for (const { key } of contents.items.slice(1)) key.spaceBefore = true
  document.contents = contents
  document.commentBefore = indent(header)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** The same for the Collector, which reads `$$` as `$`: one that does not begin `${env:…}` is doubled. */
export function renderForCollector(header: string, config: Section): string {
  return render(header, doubled(config) as Section)
}

function doubled(value: unknown): unknown {
  if (value instanceof Note) return new Note(value.comment, doubled(value.value))
  if (typeof value === 'string') return value.replace(/\$(?!\{env:)/g, '$$$$')
  if (Array.isArray(value)) return value.map(doubled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, doubled(item)]))
}

function nodeOf(document: Document, value: unknown): Node {
  if (value instanceof Note) {
    const node = nodeOf(document, value.value)
    if (typeof value.value === 'object') node.commentBefore = indent(value.comment)
    else node.comment = ` ${value.comment}`
    return node
  }
  if (Array.isArray(value)) {
    const words = value.every(item => typeof item === 'string' && /^[\w/.-]+$/.test(item))
    const flow = words && value.join(', ').length < LONGEST_FLOW
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
