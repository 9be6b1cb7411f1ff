// The views.

import type { Answer } from '../../../edge-collector/api.d.ts';
import type { Answered } from '../api/use-answer.tsx';
import { Overview } from './overview/overview.tsx';

export function View({ totals }: { totals: Answered<Answer> }) {
  return <Overview totals={totals} />;
}
