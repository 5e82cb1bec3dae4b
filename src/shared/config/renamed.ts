import {
  ATTR_DEPLOYMENT_ENVIRONMENT,
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
} from '@opentelemetry/semantic-conventions/incubating'

/** Attributes of resources that have another name today: what goes by that one finds what older SDKs send. Both are kept. */
export const renamed: readonly (readonly [old: string, today: string])[] = [
  [ATTR_DEPLOYMENT_ENVIRONMENT, ATTR_DEPLOYMENT_ENVIRONMENT_NAME],
]

/** @returns those that a resource says by their old names alone */
export const renamedAmong = (keys: ReadonlySet<unknown>): typeof renamed =>
  renamed.filter(([old, today]) => keys.has(old) && !keys.has(today))
