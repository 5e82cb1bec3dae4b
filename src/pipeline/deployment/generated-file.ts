/** Written to `path`, relative to the target. */
export interface GeneratedFile {
  path: string
  content: string
}
