// A span as the first step of the way out leaves it, for the tests in this folder.
import type { Attributes } from '@opentelemetry/api'
import * as dialects from '../../../../../src/app/llm/spans/dialects'
import { createNormalise } from '../../../../../src/app/llm/spans/normalise'
import { llmSpan, type SpanLike } from '../../llm-span'

interface Options {
  content?: boolean
  keepOriginals?: boolean
}

export function normalised(values: SpanLike, { content = true, keepOriginals = true }: Options = {}) {
  const span = llmSpan(values)
  createNormalise({ content, keepOriginals }, () => dialects)(span)
  return span
}

/** What was added or changed. */
export function added(values: SpanLike, options?: Options): Attributes {
  const { attributes } = normalised(values, options)
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([key, value]) => value !== undefined && JSON.stringify(values.attributes?.[key]) !== JSON.stringify(value),
    ),
  )
}
