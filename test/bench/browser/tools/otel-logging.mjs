// How an app records with OpenTelemetry's logs API.
import { logs } from '@opentelemetry/api-logs'

export const logging = {
  event: (eventName, attributes) => logs.getLogger('bench').emit({ eventName, attributes }),
  error: ({ name, message, stack }) =>
    logs.getLogger('bench').emit({
      eventName: 'exception',
      severityNumber: 17,
      attributes: { 'exception.type': name, 'exception.message': message, 'exception.stacktrace': stack },
    }),
}
