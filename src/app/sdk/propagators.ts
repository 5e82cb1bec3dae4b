// Chunk `propagators`: OpenTelemetry's propagators besides W3C's, loaded when OTEL_PROPAGATORS names one.

import { AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray'
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3'
import { JaegerPropagator } from '@opentelemetry/propagator-jaeger'

export const b3 = () => new B3Propagator()
export const b3multi = () => new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER })
export const jaeger = () => new JaegerPropagator()
export const xray = () => new AWSXRayPropagator()
