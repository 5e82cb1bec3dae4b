// A table whose rows lead somewhere, walked with j and k.
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { go } from '../route'
import { useRowKeys } from './use-row-keys'

export interface ListTableProps<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  keyOf(row: Row): string
  link(row: Row): string
  readonly columns: readonly {
    readonly title: string
    readonly number?: boolean
    /** The column that carries the link. */
    readonly main?: boolean
    cell(row: Row): ComponentChildren
  }[]
}

export function ListTable<Row>({ label, rows, keyOf, link, columns }: ListTableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const at = useRowKeys(rows, keyOf, link, index => body.current?.rows[index]?.scrollIntoView({ block: 'nearest' }))
  return (
    <div class="scroll">
      <table class="plain-table list" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, number }) => (
              <th key={title} scope="col" class={number ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr key={keyOf(row)} class={index === at ? 'selected' : undefined} onClick={() => go(link(row))}>
              {columns.map(({ title, number, main, cell }) => (
                <td key={title} class={number ? 'number' : undefined}>
                  {main ? (
                    <a href={link(row)} onClick={event => event.stopPropagation()}>
                      {cell(row)}
                    </a>
                  ) : (
                    cell(row)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
