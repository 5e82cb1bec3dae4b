import { expect, it } from 'vitest'
import { fromProtobuf } from '../../../src/shared/otlp/from-protobuf'
import { messages } from '../../../src/shared/otlp/messages'
import { toProtobuf } from '../../../src/shared/otlp/to-protobuf'
import { Random } from '../../support/random'
import { requests } from './proto'
import { encoded } from './random'

it.each(['ExportTraceServiceRequest', 'ExportMetricsServiceRequest', 'ExportLogsServiceRequest'] as const)(
  '%s: what was read is written so that it is read alike',
  name => {
    const random = new Random(7)
    for (let i = 0; i < 200; i++) {
      const document = fromProtobuf(messages[name], encoded(requests[name], random))
      expect(fromProtobuf(messages[name], toProtobuf(messages[name], document))).toEqual(document)
    }
  },
)
