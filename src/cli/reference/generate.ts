// `npm run generate`: docs/cli.md, which is what each command says of itself by `--help`.
import { commands } from '../commands'

const INTRO = `<!-- Made of the commands' own help by \`npm run generate\`; do not edit. -->
# Commands

\`npx afn-otel COMMAND --help\` prints the same. \`afn-otel --version\` prints the version.
`

export default async function generate(): Promise<{ path: string; content: string }[]> {
  const sections: string[] = []
  for (const name of Object.keys(commands)) {
    const help = await helpOf(name)
    sections.push(section(`afn-otel ${name}`, '##', help))
    for (const sub of subcommandsIn(help, name))
      sections.push(section(`afn-otel ${name} ${sub}`, '###', await helpOf(name, sub)))
  }
  return [{ path: 'docs/cli.md', content: [INTRO, ...sections].join('\n') }]
}

const section = (title: string, level: string, help: string): string =>
  `${level} ${title}\n\n\`\`\`text\n${help}\n\`\`\`\n`

/** What it prints, without running it. */
async function helpOf(name: string, ...args: string[]): Promise<string> {
  const { log } = console
  const lines: string[] = []
  console.log = line => lines.push(line)
  try {
    await commands[name]!.run([...args, '--help'])
  } finally {
    console.log = log
  }
  return lines.join('\n')
}

/** Those with a help of their own: the help of the command lists them, or names one. */
function subcommandsIn(help: string, name: string): string[] {
  const listed = help.includes(`afn-otel ${name} COMMAND --help`) ? help.matchAll(/^ {2}([a-z][\w-]*)/gm) : []
  const named = help.matchAll(new RegExp(`afn-otel ${name} ([a-z][\\w-]*) --help`, 'g'))
  return [...new Set(Array.from([...listed, ...named], ([, sub]) => sub!))]
}
