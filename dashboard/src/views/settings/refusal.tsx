// Why a change was not made, in the collector's own words.

import { Refusal as Refused } from '../../api/client.ts';
import { say, text } from '../../text/index.ts';
import { words } from '../../text/settings/index.ts';

export function Refusal({ error }: { error: Error | undefined }) {
  if (error === undefined) return null;
  return <p class="problem" role="alert">{say(words.common.refused, { why: error instanceof Refused ? error.message : text.states.offline })}</p>;
}
