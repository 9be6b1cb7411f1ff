// The strings of the settings, in the language that is shown.

import { language } from '../index.ts';
import { en, type SettingsText } from './en.ts';
import { ko } from './ko.ts';

const languages: Record<string, SettingsText> = { en, ko };

export const words: SettingsText = languages[language] ?? en;
