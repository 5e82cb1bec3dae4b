// Which spans of a trace have a text in their name, service, status or attributes.
import type { TypedAttribute, TypedValue } from '../../otlp/any-value'
import type { Span } from './span'
import { rowsOf, type Tree } from './tree'

/** In the order of the waterfall; small and capital letters are the same. Nothing is found for an empty text. */
export function findSpans(tree: Tree, text: string): Set<string> {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return new Set()
  const rows = rowsOf(tree, new Set())
  return new Set(rows.filter(({ span }) => has(span, wanted)).map(({ span }) => span.id))
}

function has({ name, service, statusMessage, attributes, events, id }: Span, wanted: string): boolean {
  const texts = [name, service, statusMessage, id, ...events.map(event => event.name)]
  if (texts.some(text => text.toLowerCase().includes(wanted))) return true
  return [attributes, ...events.map(event => event.attributes)].some(list =>
    list.some(one => attributeHas(one, wanted)),
  )
}

function attributeHas({ key, value }: TypedAttribute, wanted: string): boolean {
  return key.toLowerCase().includes(wanted) || valueHas(value, wanted)
}

function valueHas(value: TypedValue, wanted: string): boolean {
  if (value.type === 'array') return value.value.some(item => valueHas(item, wanted))
  if (value.type === 'map') return value.value.some(item => attributeHas(item, wanted))
  return String(value.value ?? '')
    .toLowerCase()
    .includes(wanted)
}
