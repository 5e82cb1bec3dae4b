// Completion for bash 3.2 and newer, because macOS has 3.2. It does not need the package bash-completion.
import type { CompletedCommand, CompletedOption } from './table'

export function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.flatMap(({ name, options, words }) => [
    caseOf(
      name,
      words.map(word => word.name),
      options,
    ),
    ...words.filter(word => word.options.length > 0).map(word => caseOf(`${name} ${word.name}`, [], word.options)),
  ])
  return `# completion of afn-otel for bash: source <(afn-otel completion bash)
_afn_otel() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words='' options='' files='' folders=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -le 1 ]; then
    COMPREPLY=($(compgen -W '${[...commands.map(({ name }) => name), '--help', '--version'].join(' ')}' -- "$current"))
    return
  fi
  _afn_otel_words "\${COMP_WORDS[1]}"
  if [ "$COMP_CWORD" -gt 2 ]; then _afn_otel_words "\${COMP_WORDS[1]} \${COMP_WORDS[2]}"; fi
  case " $folders " in *" $previous "*) COMPREPLY=($(compgen -d -- "$current")); return ;; esac
  case " $files " in *" $previous "*) COMPREPLY=($(compgen -f -- "$current")); return ;; esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi ;;
  esac
}
_afn_otel_words() {
  case $1 in
${cases.join('\n')}
  esac
}
complete -o default -F _afn_otel afn-otel`
}

function caseOf(path: string, words: readonly string[], options: readonly CompletedOption[]): string {
  const named = (takes?: CompletedOption['takes']) =>
    options.filter(option => takes === undefined || option.takes === takes).map(({ name }) => `--${name}`)
  const sets = Object.entries({ words, options: named(), files: named('file'), folders: named('folder') })
  const filled = sets.filter(([, values]) => values.length > 0)
  return `    '${path}') ${filled.map(([variable, values]) => `${variable}='${values.join(' ')}'`).join(' ')} ;;`
}
