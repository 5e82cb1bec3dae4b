// The AWS request id, which is in the invocation log but in no body.
import type { Attributes } from '@opentelemetry/api'
import { ATTR_AWS_REQUEST_ID } from '../../../../../semconv'
import { text } from '../../wire/json'
import type { HeaderOf } from '../protocol'

export function requestId(header: HeaderOf): Attributes {
  return { [ATTR_AWS_REQUEST_ID]: text(header('x-amzn-requestid')) }
}
