// The types of completions.
export interface CompletedOption {
  /** Without dashes. */
  readonly name: string
  readonly help: string
  readonly takes: 'nothing' | 'value' | 'file' | 'folder'
}

export interface CompletedCommand {
  readonly name: string
  readonly help: string
  readonly options: readonly CompletedOption[]
  /** Its subcommands or arguments. */
  readonly words: readonly {
    readonly name: string
    readonly help: string
    readonly options: readonly CompletedOption[]
  }[]
}

/** Shortens a help text for the description of a word. */
export const described = (help: string): string => help.split(/[;:,] |, | \(/, 1)[0]!.slice(0, 80)

/** Quotes for a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
