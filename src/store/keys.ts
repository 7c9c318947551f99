/** The hashes in a `keys` column: JSON `[{"k": hash}]`, the strict hash under the newest key first. */
export function keysOfColumn(column: string): string[] {
  return (JSON.parse(column) as { k: string }[]).map(({ k }) => k)
}
