// What a span and a log record may hold at most, as the settings say it.
import type { LogRecordLimits } from '@opentelemetry/sdk-logs'
import type { SpanLimits } from '@opentelemetry/sdk-trace'
import type { Settings } from '../../shared/config/settings'

/** OpenTelemetry's SDK takes 0 for no limit, and cuts a text at the whole part of the limit. */
const lengthLimit = (characters: number): number => characters || 0.5

export function spanLimits(settings: Settings): SpanLimits {
  return {
    ...(settings.spanValueLength !== undefined && { attributeValueLengthLimit: lengthLimit(settings.spanValueLength) }),
    attributeCountLimit: settings.spanAttributes,
    eventCountLimit: settings.spanEvents,
    linkCountLimit: settings.spanLinks,
    attributePerEventCountLimit: settings.eventAttributes,
    attributePerLinkCountLimit: settings.linkAttributes,
  }
}

export function logRecordLimits(settings: Settings): LogRecordLimits {
  return {
    ...(settings.logValueLength !== undefined && { attributeValueLengthLimit: lengthLimit(settings.logValueLength) }),
    attributeCountLimit: settings.logAttributes,
  }
}
