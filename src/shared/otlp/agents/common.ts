// What all signals of a coding agent have in common: the resource, the person, and names of the conventions.
import {
  ATTR_AFN_AGENT_EDIT_DECISION,
  ATTR_AFN_LLM_COST_REPORTED,
  ATTR_AFN_LLM_DIALECT,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_TOOL_NAME,
} from '../../../../semconv'
import type { Document } from '../schema'
import { AttributeList } from './attributes'
import { type AgentDialect, TEAMS } from './dialect'
import { hidePersonOfResource, type PseudonymOf } from './persons'
import { modelOf, providerOf } from './providers'
import { agentOf } from './recognise'
import { nameTool } from './tools'

/** A part of a request that is of one scope of an agent. */
export interface AgentPart {
  readonly dialect: AgentDialect
  readonly resource: Document | undefined
  readonly scope: Document | undefined
  /** The pseudonym of whom the resource names. */
  readonly person: string | undefined
  /** Spans, log records or metrics. */
  readonly records: readonly Document[]
  /** What the scope stands in. */
  readonly holder: Document
}

export const documents = (value: unknown): readonly Document[] => (Array.isArray(value) ? value : [])

/** Changes resources in place, as `hidePersonOfResource` says, and gives a team the name that budgets know it by. */
export function* partsOfAgents(
  request: Document,
  names: readonly [resources: string, scopes: string, records: string],
  pseudonymOf: PseudonymOf,
): Generator<AgentPart> {
  const [resources, scopes, records] = names
  for (const one of documents(request[resources])) {
    const resource = one.resource as Document | undefined
    let person: string | undefined
    let isKnown = false
    for (const holder of documents(one[scopes])) {
      const scope = holder.scope as Document | undefined
      const dialect = agentOf(resource, scope)
      if (!dialect) continue
      if (resource && !isKnown) {
        const said = new AttributeList(resource)
        person = hidePersonOfResource(said, pseudonymOf)
        said.name([['team', ...TEAMS]])
        isKnown = true
      }
      yield { dialect, resource, scope, person, records: documents(holder[records]), holder }
    }
  }
}

/** Adds the names that the conventions have for what a record or a span says; what the agent wrote stays. */
export function addNames(said: AttributeList, dialect: AgentDialect): void {
  said.name(dialect.fields)
  nameTool(said, dialect)
  const model = said.text([ATTR_GEN_AI_REQUEST_MODEL])
  if (model !== undefined && modelOf(model) !== model) said.set(ATTR_GEN_AI_REQUEST_MODEL, modelOf(model))
  const isEdit = dialect.editors.length === 0 || dialect.editors.includes(said.text([ATTR_GEN_AI_TOOL_NAME]) ?? '')
  const decided = said.text(dialect.decision.source)?.toLowerCase()
  if (!isEdit || decided === undefined) return
  if (dialect.decision.accepted.includes(decided)) said.set(ATTR_AFN_AGENT_EDIT_DECISION, 'accepted')
  if (dialect.decision.refused.includes(decided)) said.set(ATTR_AFN_AGENT_EDIT_DECISION, 'refused')
}

/** What every span of a call, a tool or a run has. */
export function addIdentity(said: AttributeList, dialect: AgentDialect): void {
  said.set(ATTR_AFN_LLM_DIALECT, dialect.name)
  if (said.text([ATTR_GEN_AI_AGENT_NAME]) === undefined) said.set(ATTR_GEN_AI_AGENT_NAME, dialect.agent)
}

/** Of a call: who charges for it, and what the agent thinks that it cost. @param said where the agent tells */
export function addCharge(call: AttributeList, { reportedCost }: AgentDialect, said = call): void {
  const named = call.text([ATTR_GEN_AI_PROVIDER_NAME])
  const provider = providerOf(call.text([ATTR_GEN_AI_REQUEST_MODEL]) ?? '')
  // Copilot sells models of others, at their prices
  if (provider !== undefined && (named === undefined || named === 'github'))
    call.set(ATTR_GEN_AI_PROVIDER_NAME, provider)
  call.set(ATTR_AFN_LLM_COST_REPORTED, said.number(reportedCost), 'double')
}
