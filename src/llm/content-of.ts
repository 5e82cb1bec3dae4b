// What a tool or a search was given and gave back, as one attribute of bounded size. Called by `./api`, by the AI SDK's
// spans and by the MCP instrumentation, only where content is captured; redaction comes on the way out.
import { CONTENT_BUDGET, fit } from './fit'

/**
 * Text as it is, everything else as JSON that stays JSON when it is cut. Undefined for what JSON has no word for.
 * @throws what `JSON.stringify` throws
 */
export function contentOf(value: unknown): string | undefined {
  const json = JSON.stringify(value)
  if (json === undefined) return undefined
  const whole = Buffer.byteLength(json) <= CONTENT_BUDGET
  const fitting = whole ? json : fit([JSON.parse(json)], () => '[left out]').slice(1, -1)
  return typeof value === 'string' ? String(JSON.parse(fitting)) : fitting
}
