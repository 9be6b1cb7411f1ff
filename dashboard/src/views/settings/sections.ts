// The sections of the settings, in the order of their links.

import type { ComponentType } from 'preact';
import type { Reach } from '../../state/reach.ts';
import { words } from '../../text/settings/index.ts';
import { Access } from './access/access.tsx';
import { Account } from './account.tsx';
import { Data } from './data/data.tsx';
import { Install } from './install/install.tsx';
import { SiteLog } from './log.tsx';
import { SavedSection } from './saved/saved.tsx';
import { SiteSection } from './site/site.tsx';
import { Sites } from './sites/sites.tsx';

export type Section = {
  /** In the address. */
  name: string;
  title: string;
  /** How far a key must reach for it. What a section lets change, it lets those alone who may. */
  needs: Reach;
  /** Whether it is of a site, or of the account, which may have none yet. */
  of: 'site' | 'account';
  Section: ComponentType<{ site: string }>;
};

export const sections: readonly Section[] = [
  { name: 'install', title: words.sections.install, needs: 'read', of: 'site', Section: Install },
  { name: 'site', title: words.sections.site, needs: 'read', of: 'site', Section: SiteSection },
  { name: 'saved', title: words.sections.saved, needs: 'read', of: 'site', Section: SavedSection },
  { name: 'access', title: words.sections.access, needs: 'admin', of: 'site', Section: Access },
  { name: 'data', title: words.sections.data, needs: 'read', of: 'site', Section: Data },
  { name: 'log', title: words.sections.log, needs: 'admin', of: 'site', Section: SiteLog },
  { name: 'sites', title: words.sections.sites, needs: 'admin', of: 'account', Section: Sites },
  { name: 'account', title: words.sections.account, needs: 'admin', of: 'account', Section: Account },
];
