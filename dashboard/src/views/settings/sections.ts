// The sections of the settings, in the order of their links.

import type { ComponentType } from 'preact';
import type { Reach } from '../../state/reach.ts';
import { words } from '../../text/settings/index.ts';
import { Install } from './install/install.tsx';
import { SiteLog } from './log.tsx';

export type Section = {
  /** In the address. */
  name: string;
  title: string;
  /** How far a key must reach for it. What a section lets change, it lets those alone who may. */
  needs: Reach;
  Section: ComponentType<{ site: string }>;
};

export const sections: readonly Section[] = [
  { name: 'install', title: words.sections.install, needs: 'read', Section: Install },
  { name: 'log', title: words.sections.log, needs: 'admin', Section: SiteLog },
];
