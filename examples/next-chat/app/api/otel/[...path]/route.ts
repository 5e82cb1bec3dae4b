// Takes what pages send, redacts it again, and passes it on to the Collector.
import { otlpRoute } from '@afn/otel/next'

export const { POST, OPTIONS } = otlpRoute({ serviceNames: ['next-chat-web'] })
