// Completion for zsh with _arguments and _describe.
import { type CompletedCommand, type CompletedOption, described, quoted } from './table'

export function zsh(commands: readonly CompletedCommand[]): string {
  const cases = commands.flatMap(({ name, options, words }) => [
    ...words.filter(word => word.options.length > 0).map(word => caseOf(`${name} ${word.name}`, [], word.options)),
    caseOf(name, words, options),
  ])
  return `#compdef afn-otel
# completion of afn-otel for zsh: source <(afn-otel completion zsh)
_afn_otel() {
  local -a words_of_afn
  local path_of_afn
  if (( CURRENT == 2 )); then
    words_of_afn=(${commands.map(wordOf).join(' ')})
    _describe command words_of_afn
    return
  fi
  for path_of_afn in "$words[2] $words[3]" "$words[2]"; do
    case $path_of_afn in
${cases.join('\n')}
    esac
  done
}
compdef _afn_otel afn-otel`
}

const wordOf = ({ name, help }: { readonly name: string; readonly help: string }) =>
  quoted(`${name}:${described(help)}`)

function caseOf(path: string, words: CompletedCommand['words'], options: readonly CompletedOption[]): string {
  const specs = options.map(({ name, help, takes }) => {
    // _arguments interprets brackets, colons and backslashes
    const text = described(help).replace(/[[\]\\:]/g, '')
    const argument = { nothing: '', value: ':value: ', file: ':file:_files', folder: ':folder:_files -/' }[takes]
    return quoted(`*--${name}[${text}]${argument}`)
  })
  const describe =
    words.length > 0
      ? `if (( CURRENT == 3 )); then words_of_afn=(${words.map(wordOf).join(' ')}); _describe argument words_of_afn; fi; `
      : ''
  return `      ${quoted(path)}) ${describe}_arguments ${[...specs, "'*:file:_files'"].join(' ')}; return ;;`
}
