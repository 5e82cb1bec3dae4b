// Which coding agent sent something: by the names of its service and of its scopes.
import type { Document } from '../schema'
import { AttributeList } from './attributes'
import { claudeCode } from './claude-code'
import { codex } from './codex'
import { copilot } from './copilot'
import { type AgentDialect, type AgentName, agentNames } from './dialect'
import { geminiCli, qwenCode } from './gemini-cli'
import { opencode } from './opencode'

const byName: Readonly<Record<AgentName, AgentDialect>> = {
  claude_code: claudeCode,
  codex,
  gemini_cli: geminiCli,
  qwen_code: qwenCode,
  copilot,
  opencode,
}
export const agentDialects: readonly AgentDialect[] = agentNames.map(name => byName[name])

/** What stands in every request of an agent: the names of its senders, the shorter of two that begin alike. */
const marks = agentDialects.flatMap(({ senders }) =>
  senders.filter(name => !senders.some(other => other !== name && name.startsWith(other))),
)

/** Whether a request in protobuf may be of an agent, which costs one look through the bytes for each name. */
export const mayBeOfAgent = (request: Buffer): boolean => marks.some(mark => request.includes(mark))

/** @param resource and scope of a request; a service may have any name, and so may a scope */
export function agentOf(resource: unknown, scope: unknown): AgentDialect | undefined {
  const service = new AttributeList((resource ?? {}) as Document).text(['service.name']) ?? ''
  const name = String((scope as Document | undefined)?.name ?? '')
  return agentDialects.find(({ senders }) => senders.some(sender => isOf(sender, service) || isOf(sender, name)))
}

const isOf = (sender: string, name: string): boolean =>
  /[._:-]$/.test(sender) ? name.startsWith(sender) : name === sender
