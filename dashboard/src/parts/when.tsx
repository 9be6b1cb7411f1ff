// An instant, as the clocks of a zone show it.

import { instant } from '../text/format.ts';

export function When({ ms, zone }: { ms: number; zone: string }) {
  return <time dateTime={new Date(ms).toISOString()}>{instant(ms, zone)}</time>;
}
