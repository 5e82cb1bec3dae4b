// What is given up first when more is recorded than can be sent. A queue that is full takes out what has the lowest rank,
// the oldest first; what has no higher rank than all that waits is not taken in.
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { SeverityNumber } from '@opentelemetry/api-logs'
import { isModelCall } from '../llm/spans/operations'
import type { ExportLog } from './logs'
import type { SpanCopy } from './span-copy'

/** Steps inside of other work, as middleware; then what is left; then calls of models, which cost money; failures last. */
export function rankOf({ status, attributes, kind, parentSpanContext }: SpanCopy): number {
  if (status.code === SpanStatusCode.ERROR) return 3
  if (isModelCall(attributes)) return 2
  return kind === SpanKind.INTERNAL && parentSpanContext ? 0 : 1
}

/** By severity: debug and below, then info and what has none, then warnings, errors last. */
export function rankOfLog({ severityNumber }: ExportLog): number {
  if (!severityNumber) return 1
  if (severityNumber >= SeverityNumber.ERROR) return 3
  if (severityNumber >= SeverityNumber.WARN) return 2
  return severityNumber < SeverityNumber.INFO ? 0 : 1
}
