// What a shell can complete.
export interface CompletedOption {
  /** Without its dashes. */
  readonly name: string
  readonly help: string
  readonly takes: 'nothing' | 'value' | 'file' | 'folder'
}

export interface CompletedCommand {
  readonly name: string
  readonly help: string
  readonly options: readonly CompletedOption[]
  /** What may follow its name: commands of its own, or arguments. */
  readonly words: readonly {
    readonly name: string
    readonly help: string
    readonly options: readonly CompletedOption[]
  }[]
}

/** The beginning of a text, as a description beside a word. */
export const described = (help: string): string => help.split(/[;:,] |, | \(/, 1)[0]!.slice(0, 80)

/** In single quotes of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
