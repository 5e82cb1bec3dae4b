// A typed value of an attribute.

import type { TypedValue } from '../../../shared/otlp/any-value'
import { parsed } from '../data/messages'
import { Json } from './json'
import { MarkedText } from './marked-text'

/** On one line. */
export function valueText(value: TypedValue): string {
  switch (value.type) {
    case 'array':
      return `[${value.value.map(valueText).join(', ')}]`
    case 'map':
      return `{${value.value.map(({ key, value }) => `${key}: ${valueText(value)}`).join(', ')}}`
    case 'empty':
      return ''
    default:
      return String(value.value)
  }
}

export function ValueView({ value }: { value: TypedValue }) {
  if (value.type === 'string') {
    const json = parsed(value.value)
    return typeof json === 'string' ? <MarkedText text={json} /> : <Json value={json} />
  }
  if (value.type === 'array' || value.type === 'map') return <Json value={plain(value)} />
  return <span class={`value-${value.type}`}>{valueText(value)}</span>
}

function plain(value: TypedValue): unknown {
  if (value.type === 'array') return value.value.map(plain)
  if (value.type === 'map') return Object.fromEntries(value.value.map(({ key, value }) => [key, plain(value)]))
  return value.value
}
