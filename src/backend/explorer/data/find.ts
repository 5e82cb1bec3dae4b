// Which spans of a trace have a text in their name, service, status or attributes, and where.
import type { TypedAttribute, TypedValue } from '../../../shared/otlp/any-value'
import type { Span } from './span'
import { rowsOf, type Tree } from './tree'

/**
 * In the order of the waterfall; small and capital letters are the same. Nothing is found for an empty text.
 * @returns by id of the span, where it has the text: the name of an attribute or of an event, empty for what its row shows
 */
export function findSpans(tree: Tree, text: string): Map<string, string> {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return new Map()
  return new Map(
    rowsOf(tree, new Set()).flatMap(({ span }) => {
      const place = placeOf(span, wanted)
      return place === undefined ? [] : [[span.id, place]]
    }),
  )
}

function placeOf({ name, service, statusMessage, attributes, events, id }: Span, wanted: string): string | undefined {
  const has = (text: string) => text.toLowerCase().includes(wanted)
  if ([name, service, statusMessage, id].some(has)) return ''
  for (const event of events) if (has(event.name)) return event.name
  return [attributes, ...events.map(event => event.attributes)].flat().find(one => attributeHas(one, wanted))?.key
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
