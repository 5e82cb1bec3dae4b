// Converts a value to the type that the registry defines for its name. Spans of other libraries may contain anything.
import type { AttributeValue } from '@opentelemetry/api'
import { ATTRIBUTE_TYPES } from '../../../../../semconv'

/** Undefined if the value is not valid. */
export function typed(name: string, value: unknown): AttributeValue | undefined {
  switch (ATTRIBUTE_TYPES[name]) {
    case 'int':
      return Number.isSafeInteger(value) ? (value as number) : undefined
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'string[]': {
      const list = (Array.isArray(value) ? value : [value]).filter(item => typeof item === 'string' && item !== '')
      return list.length > 0 ? (list as string[]) : undefined
    }
    default:
      if (typeof value === 'number') return String(value)
      return typeof value === 'string' && value !== '' ? value : undefined
  }
}
