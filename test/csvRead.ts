import Papa from 'papaparse'

/** CSV as another program reads it. */
export function readCsv(text: string): string[][] {
  return Papa.parse<string[]>(text.trimEnd()).data
}
