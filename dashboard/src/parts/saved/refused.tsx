// Why something was not saved, in the collector's own words.

import { Refusal } from '../../api/client.ts';
import { text } from '../../text/index.ts';

export function Refused({ error }: { error: Error | undefined }) {
  if (error === undefined) return null;
  return <p class="problem" role="alert">{error instanceof Refusal ? error.message : text.states.offline}</p>;
}
