// `npm run conformance:apps -- COUNT [SEED] [--only FRAMEWORK]`: random ordinary web apps with random requests, each run bare, with
// stock OpenTelemetry as its users install it, and with ours. Prints each class of difference with the smallest app that has it, and
// a line that counts; exit 1 where anything is not explained. `COUNT` 1 and the seed of an app run that one alone.
// AFN_PACKAGE=FOLDER takes ours from another built checkout. `--against FOLDER` compares what the build there and this one export instead.
import { parseArgs } from 'node:util'
import { setup } from '../support/packed'
import { compareBuilds } from './apps/against'
import { type Class, runApps } from './apps/runner'

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      against: { type: 'string' },
      shrink: { type: 'boolean', default: true },
      verbose: { type: 'boolean' },
    },
    allowNegative: true,
  })
  const [count, seed] = [Number(positionals[0]), Number(positionals[1] ?? (Date.now() % 1_000_000) + 1)]
  if (!(count > 0 && seed >= 0)) {
    console.error('usage: npm run conformance:apps -- COUNT [SEED] [--only FRAMEWORK] [--no-shrink] [--against FOLDER]')
    return 2
  }
  if (!process.env.AFN_PACKAGE) setup()
  console.log(`seed ${seed}`)
  if (values.against) return (await compareBuilds(count, seed, values.against)) === 0 ? 0 : 1
  const sum = await runApps({ count, seed, only: values.only, shrinks: values.shrink, progress: console.error })
  for (const one of sum.classes) print(one)
  for (const [reason, times] of sum.explained) console.log(`${times} x ${reason}`)
  console.log(sum.line)
  return sum.classes.length === 0 ? 0 : 1
}

function print({ name, count, example }: Class): void {
  console.log(`\n${count} x ${name}`)
  console.log(example)
}
