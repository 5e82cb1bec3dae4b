// The phases of the demo that need more than Node: receive, replay, chat, report. Called by demo.mjs, bundled.
import { type Chats, startChat, startReplay } from './chat'
import { throughCollector } from './collector'
import { allPlanted, conversations, type Talked } from './conversations'
import { type Explored, explore } from './explore'
import { leaks } from './leaks'
import { type Received, receive } from './receive'
import { report } from './report'
import type { Stage } from './stage'
import { judge, type Verdict } from './verdict'

/** @throws Failed when a phase fails; it has said so then */
export async function main(stage: Stage): Promise<void> {
  const { phase } = stage
  const telemetry = await phase('receive', () => (stage.collector ? throughCollector(stage) : receive()))
  const replay = await phase('replay', () => startReplay(stage))
  const urls = { telemetry: telemetry.endpoint, replay: replay.url }
  const { talked } = await phase('chat', async () => converse(await startChat(stage, urls)))
  let verdicts: Verdict[] = []
  let explored: Explored | undefined
  try {
    const { received } = await phase('report', async () => {
      const received = await telemetry.take()
      verdicts = judge(talked, received, stage.app)
      return { said: conclude(verdicts, received), received }
    })
    explored = await phase('explore', () => explore(stage, received, talked))
  } finally {
    console.log(report(verdicts, explored, stage))
  }
}

async function converse(chats: Chats): Promise<{ said: string; talked: Talked[] }> {
  const talked: Talked[] = []
  for (const conversation of conversations) talked.push(await chats.talk(conversation))
  // At a signal that ends it, as any server gets one day, it sends what it still has.
  await chats.stop()
  return { said: talked.map(one => `${one.conversation.name} ${one.outcome}`).join(', '), talked }
}

/** @throws Error that says what does not hold */
function conclude(verdicts: readonly Verdict[], received: Received): string {
  const leaked = leaks(received, allPlanted(process.env))
  const wrong = verdicts.flatMap(({ talked, problems }) =>
    problems.map(problem => `${talked.conversation.name}: ${problem}`),
  )
  if (leaked.length) wrong.push(`leaked: ${leaked.join('; ')}`)
  for (const signal of ['metrics', 'logs']) {
    if (!received.bytes.some(({ where }) => where === signal)) wrong.push(`no ${signal} were received`)
  }
  if (wrong.length) throw new Error(`${wrong.join(' | ')} | ${remedy()}`)
  const skipped = verdicts.filter(({ talked }) => !talked.traceId).length
  const size = received.bytes.reduce((sum, { content }) => sum + content.length, 0)
  return (
    `${verdicts.length - skipped} conversations as they should be${skipped ? `, ${skipped} skipped` : ''}; ` +
    `no planted value in ${size} bytes`
  )
}

/** Settings of the user's own reach the chat server, and may be what is wrong. */
function remedy(): string {
  const set = Object.keys(process.env).filter(name => name.startsWith('AFN_') && name !== 'AFN_DEMO_TARBALL')
  return set.length
    ? `run it without ${set.join(', ')} in the environment`
    : 'run "npm test" to see which part is broken'
}
