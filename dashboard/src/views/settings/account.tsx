// The account: its own keys, which may everything, and who changed what of it.

import { words } from '../../text/settings/index.ts';
import { Keys } from './access/keys.tsx';
import { Log } from './log.tsx';

const { account: text } = words;

/** Belongs to no site, so to no site's clocks. */
const zone = 'UTC';

export function Account() {
  return (
    <div class="stack">
      <Keys title={text.keys} lead={text.keysLead} empty={text.noKeys} owner={undefined} kinds={['admin']} zone={zone} />
      <Log owner={undefined} title={text.log} zone={zone} />
    </div>
  );
}
