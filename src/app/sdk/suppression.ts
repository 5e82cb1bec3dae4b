// What subjects who objected (AFN_SUPPRESSION_LIST) change about the way out of spans and log records. Without a list nothing here is
// in the way.
import type { SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import { loadChunk } from '../chunks'
import type { SpoolScreen } from '../delivery/send-spooled'
import type { Leaving, Suppression } from '../suppress/suppression'
import type { LlmStages } from './llm-stages'
import type { ExportLog } from './log-copy'
import type { SpanCopy } from './span-copy'

export function loadSuppression(settings: Settings): Suppression | undefined {
  if (settings.suppressionList === undefined) return undefined
  try {
    return loadChunk('suppression').createSuppression(settings, report)
  } catch (error) {
    report('AFN144', `AFN_SUPPRESSION_LIST could not be read (${reason(error)}); nobody is suppressed`)
    return undefined
  }
}

/** Learns the subject of a trace when its spans begin, so that log records in them are known to be of that subject. */
export function watchingStarts(next: SpanProcessor, suppression: Suppression): SpanProcessor {
  return {
    onStart(span, context) {
      try {
        suppression.started(span.spanContext().traceId, span.attributes, context)
      } catch (error) {
        report('AFN161', `the subject of a span could not be read (${reason(error)})`)
      }
      next.onStart(span, context)
    },
    ...(next.onEnding && { onEnding: span => next.onEnding?.(span) }),
    onEnd: span => next.onEnd(span),
    forceFlush: () => next.forceFlush(),
    shutdown() {
      suppression.stop()
      return next.shutdown()
    },
  }
}

/** A call of such a subject is still counted: the sum of what was spent stays true, and metrics name nobody. */
export function withSuppression(stages: LlmStages, suppression: Suppression): LlmStages {
  const { normalise, rootContent } = stages
  return {
    ...stages,
    normalise(span) {
      normalise(span)
      suppression.see(span.context.traceId, span.attributes)
    },
    ...(rootContent && {
      rootContent(span) {
        // the root may be that of other persons too
        if (!suppression.suppresses(leavingOf(span as SpanCopy))) rootContent(span)
      },
    }),
    keepsBack: span => suppression.keepsBack('spans', leavingOf(span)),
  }
}

/** For requests that an earlier process left on disk: takes out what is of subjects who have objected since. */
export function spoolScreen(suppression: Suppression): SpoolScreen {
  return async (signal, request) => {
    await suppression.ready
    try {
      return loadChunk('suppression-spooled').withoutSuppressed(suppression, signal, request)
    } catch (error) {
      // the Collector could not read it either
      report('AFN132', `a request that was kept is no OTLP (${reason(error)}) and is deleted`)
      return undefined
    }
  }
}

export function leavingOf(item: SpanCopy | ExportLog): Leaving {
  const { attributes, resource } = item
  return {
    traceId: (item as SpanCopy).context?.traceId ?? (item as ExportLog).spanContext?.traceId,
    attributes,
    resource,
  }
}
