/** What the records of SLOs say of each objective, in each environment and of each team. */
import { ENVIRONMENT, TEAM } from '../../../shared/otlp/origin-labels'
import { records } from '../metrics'

const slo = 'sloth_id, sloth_service, sloth_slo'
/** The objectives that come with the package rate all services as one. */
const ofSlo = (record: string): string => `max by (${slo}) (${record}{sloth_service=~"$service|all-services"})`
/** Each environment, and in it each team, has a budget of its own; what comes from none has no such label. */
const ofEach = (record: string): string =>
  `max by (${slo}, ${ENVIRONMENT}, ${TEAM}) (${record}{sloth_service=~"$service|all-services", ${ENVIRONMENT}=~"$environment|"})`
const and = `on (${slo}) group_left ()`
export const objective = `0 * ${ofEach(records.errors3d)} + ${and} ${ofSlo(records.objective)} or (${ofSlo(records.objective)} unless on (${slo}) ${ofEach(records.errors3d)})`
/** Records of a period come minutes after the first request; of a service that is younger than three days these say the same. */
export const reached = `1 - (${ofEach(records.periodBurn)} * ${and} ${ofSlo(records.budget)} or ${ofEach(records.errors3d)})`
export const budgetLeft = `${ofEach(records.budgetLeft)} or 1 - ${ofEach(records.errors3d)} / ${and} ${ofSlo(records.budget)}`
export const burn = (record: string): string => `${ofEach(record)} / ${and} ${ofSlo(records.budget)}`
export const legend = `{{sloth_service}} {{sloth_slo}} {{${ENVIRONMENT}}} {{${TEAM}}}`
