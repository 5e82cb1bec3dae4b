// What each turn of a conversation says that the turns before it did not: most apps send the whole conversation with each call, and others a part of it.
import type { Turn } from '../../api/session-answers'
import { type Message, type Part, readMessages, readParts } from './messages'

/** What a call of a model was given, and what it answered. */
export interface TurnContent {
  readonly system: readonly Part[]
  readonly input: readonly Message[]
  readonly output: readonly Message[]
}

export interface TurnNews {
  /** What the earlier turn had, in input or output. The last message of a turn is never here: without it, the answer would stand alone. */
  readonly repeated: readonly Message[]
  readonly added: readonly Message[]
  readonly output: readonly Message[]
  /** The turn that it is compared with, from 1; undefined for the first one with messages. */
  readonly earlier: number | undefined
  /** How many messages of the earlier turn it does not have; 0 where it has none of them at all, as calls without a history do. */
  readonly leftOut: number
  /** The whole system prompt where there was none before; undefined: it is the same, or there is none. */
  readonly system: SystemPrompt | undefined
}

export interface SystemPrompt {
  readonly isChanged: boolean
  /** Lines at the beginning and at the end that are the same. */
  readonly sameLines: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

interface ReadTurn {
  readonly number: number
  readonly system: string
  readonly input: readonly Message[]
  readonly output: readonly Message[]
  readonly inputKeys: readonly string[]
  /** Of input and output. */
  readonly keys: readonly string[]
}

/** Calls of several agents alternate, so the turn before is not always the one that a turn goes on from. */
const LOOK_BACK = 20

export function contentOf({ inputMessages, outputMessages, systemInstructions }: Turn): TurnContent {
  return {
    system: systemInstructions === null ? [] : readParts(systemInstructions),
    input: inputMessages === null ? [] : readMessages(inputMessages),
    output: outputMessages === null ? [] : readMessages(outputMessages),
  }
}

/** @param turns in the order in which they began */
export function newsOf(turns: readonly TurnContent[]): TurnNews[] {
  const earlier: ReadTurn[] = []
  return turns.map((turn, index) => {
    const read = readTurn(turn, index + 1)
    const news = compared(read, earlier)
    // nothing can be said against a turn whose content was not captured
    if (turn.input.length > 0) earlier.push(read)
    return news
  })
}

function readTurn({ system, input: messages, output }: TurnContent, number: number): ReadTurn {
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer')
  const input = first < 0 ? [] : messages.slice(first)
  const parts = [...system, ...messages.slice(0, first < 0 ? undefined : first).flatMap(({ parts }) => parts)]
  const inputKeys = input.map(keyOf)
  return {
    number,
    system: parts.map(part => (part.kind === 'text' ? part.text : JSON.stringify(part))).join('\n'),
    input,
    output,
    inputKeys,
    keys: [...inputKeys, ...output.map(keyOf)],
  }
}

/** What a model thinks is in its answer, and is often not sent again with it. */
function keyOf({ role, parts }: Message): string {
  return JSON.stringify([role, parts.filter(({ kind }) => kind !== 'reasoning')])
}

function compared(turn: ReadTurn, earlier: readonly ReadTurn[]): TurnNews {
  const candidates = earlier.slice(-LOOK_BACK).reverse()
  const matches = candidates.map(before => ({ before, again: repeatedIn(turn.inputKeys, before.keys) }))
  const match = matches.find(({ again }) => again.size > 0) ?? matches[0]
  const again = match?.again ?? new Set<number>()
  const isRepeated = (index: number) => again.has(index) && index < turn.input.length - 1
  const hasContent = turn.input.length + turn.output.length > 0 || turn.system !== ''
  return {
    repeated: turn.input.filter((_, index) => isRepeated(index)),
    added: turn.input.filter((_, index) => !isRepeated(index)),
    output: turn.output,
    earlier: match?.before.number,
    leftOut: match && again.size > 0 ? match.before.keys.length - again.size : 0,
    system: hasContent ? systemOf(turn.system, match?.before.system) : undefined,
  }
}

/** @returns indexes of the messages that were there before, in the same order */
function repeatedIn(keys: readonly string[], before: readonly string[]): Set<number> {
  const again = new Set<number>()
  let from = 0
  for (const [index, key] of keys.entries()) {
    const at = before.indexOf(key, from)
    if (at < 0) continue
    again.add(index)
    from = at + 1
  }
  return again
}

function systemOf(text: string, before: string | undefined): SystemPrompt | undefined {
  if (text === (before ?? '')) return undefined
  const [old, now] = [linesOf(before), linesOf(text)]
  const least = Math.min(old.length, now.length)
  let head = 0
  while (head < least && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < least - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1
  return {
    isChanged: before !== undefined && before !== '',
    sameLines: head + tail,
    removed: old.slice(head, old.length - tail),
    added: now.slice(head, now.length - tail),
  }
}

const linesOf = (text: string | undefined): string[] => (text ? text.split('\n') : [])
