import { surveyCsv } from '../../actions/surveyResults.ts'
import type { Deps } from '../../deps.ts'
import type { Survey } from '../../store/surveys.ts'

/** The answers as a download; admin pages offer the same. */
export function csvAnswer(deps: Pick<Deps, 'store'>, survey: Survey): Response {
  const lines = surveyCsv(deps, survey)
  const encoder = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next()
      if (next.done === true) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
  })
  return new Response(stream, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="answers-${survey.id}.csv"`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
