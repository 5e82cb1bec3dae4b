import { ATTR_DEPLOYMENT_ENVIRONMENT_NAME } from '@opentelemetry/semantic-conventions/incubating'
import { labelName } from './prometheus-names'

/** The label of the environment from which a series comes; what comes from none has no such label. */
export const ENVIRONMENT = labelName(ATTR_DEPLOYMENT_ENVIRONMENT_NAME)!

/** The label of the team whose service it comes from: the resource attribute `team`. */
export const TEAM = 'team'

/**
 * The label `environment` of an alert, as rules have it.
 * @param own of what says none: in the series `ALERTS` a label that is empty would be this template
 */
export const environmentLabel = (own: string): string => `{{ or $labels.${ENVIRONMENT} "${own}" }}`
