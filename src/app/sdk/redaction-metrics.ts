// What the redactor did, as metrics. The counts are read when metrics are collected.
import type { Meter } from '@opentelemetry/api'
import {
  ATTR_AFN_REDACTION_TYPE,
  METRIC_AFN_REDACTION_BUDGET_EXCEEDED,
  METRIC_AFN_REDACTION_ERRORS,
  METRIC_AFN_REDACTION_MATCHES,
  METRIC_AFN_REDACTION_VALUES,
  METRIC_OPTIONS_AFN_REDACTION_BUDGET_EXCEEDED,
  METRIC_OPTIONS_AFN_REDACTION_ERRORS,
  METRIC_OPTIONS_AFN_REDACTION_MATCHES,
  METRIC_OPTIONS_AFN_REDACTION_VALUES,
} from '../../../semconv'
import type { Redactor } from '../../shared/redact'

/** A count that is still 0 has no series. */
export function countRedaction(meter: Meter, redactor: Pick<Redactor, 'counts'>): void {
  const values = meter.createObservableCounter(METRIC_AFN_REDACTION_VALUES, METRIC_OPTIONS_AFN_REDACTION_VALUES)
  const matches = meter.createObservableCounter(METRIC_AFN_REDACTION_MATCHES, METRIC_OPTIONS_AFN_REDACTION_MATCHES)
  const exceeded = meter.createObservableCounter(
    METRIC_AFN_REDACTION_BUDGET_EXCEEDED,
    METRIC_OPTIONS_AFN_REDACTION_BUDGET_EXCEEDED,
  )
  const errors = meter.createObservableCounter(METRIC_AFN_REDACTION_ERRORS, METRIC_OPTIONS_AFN_REDACTION_ERRORS)
  meter.addBatchObservableCallback(
    result => {
      const { counts } = redactor
      if (counts.values > 0) result.observe(values, counts.values)
      for (const [type, count] of counts.matches) result.observe(matches, count, { [ATTR_AFN_REDACTION_TYPE]: type })
      if (counts.budgetExceeded > 0) result.observe(exceeded, counts.budgetExceeded)
      if (counts.errors > 0) result.observe(errors, counts.errors)
    },
    [values, matches, exceeded, errors],
  )
}
