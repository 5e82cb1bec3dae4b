// Chunk `detectors`: loaded by `resource.ts` when the settings name a container or cloud detector.
import type { AttributeValue } from '@opentelemetry/api'
import { alibabaCloudEcsDetector } from '@opentelemetry/resource-detector-alibaba-cloud'
import {
  awsBeanstalkDetector,
  awsEc2Detector,
  awsEcsDetector,
  awsEksDetector,
  awsLambdaDetector,
} from '@opentelemetry/resource-detector-aws'
import {
  azureAppServiceDetector,
  azureFunctionsDetector,
  azureVmDetector,
} from '@opentelemetry/resource-detector-azure'
import { containerDetector } from '@opentelemetry/resource-detector-container'
import { gcpDetector } from '@opentelemetry/resource-detector-gcp'
import type { ResourceDetector } from '@opentelemetry/resources'

const detectors: Record<string, ResourceDetector[]> = {
  container: [containerDetector],
  aws: [awsEc2Detector, awsEcsDetector, awsEksDetector, awsBeanstalkDetector, awsLambdaDetector],
  gcp: [gcpDetector],
  azure: [azureAppServiceDetector, azureFunctionsDetector, azureVmDetector],
  alibaba: [alibabaCloudEcsDetector],
}

/** A value, or the promise of one from a detector that has to ask the network. */
export type DetectedAttributes = Record<string, AttributeValue | undefined | Promise<AttributeValue | undefined>>

/** Starts the detectors of these names; what one cannot find out is left out. */
export function detect(names: readonly string[]): DetectedAttributes {
  const all = names.flatMap(name => detectors[name] ?? []).map(detector => detector.detect({}).attributes ?? {})
  return Object.assign({}, ...all) as DetectedAttributes
}
