// What the meter provider leaves out. Called by `start.ts`, and by afnNodeSDK().
import { AggregationType, type ViewOptions } from '@opentelemetry/sdk-metrics'

/** OpenTelemetry's instrumentation of the AWS SDK counts Bedrock's calls as the tap does: in a sum they would stand twice. */
export const views: ViewOptions[] = [
  {
    meterName: '@opentelemetry/instrumentation-aws-sdk',
    instrumentName: 'gen_ai.*',
    aggregation: { type: AggregationType.DROP },
  },
]
