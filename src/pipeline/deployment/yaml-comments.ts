// Configuration is built as plain objects, in which a value may carry a comment. render.ts writes them.

export type Section = { [key: string]: unknown }

export class Note {
  constructor(
    readonly comment: string,
    readonly value: unknown,
  ) {}
}

/** A value with a comment: above the content of a map or list, behind a single value. */
export function note<T>(comment: string, value: T): T {
  return new Note(comment, value) as T
}
