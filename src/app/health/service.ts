import type { PackageJson } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import type { Service } from './document'

/** As the resource of the telemetry names it. */
export function serviceOf(settings: Settings, packageJson: PackageJson): Service {
  const { serviceName, resourceAttributes } = settings
  return {
    name: serviceName ?? resourceAttributes['service.name'] ?? packageJson.name,
    version: resourceAttributes['service.version'] ?? packageJson.version,
  }
}
