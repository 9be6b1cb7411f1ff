// What the core is told, by number. The names and their order are those of `What` in on.rs, which a test compares.

export const START = 0;
export const TITLE = 1;
export const PAGE = 2;
export const CLICK = 3;
export const TRACK = 4;
export const IDENTIFY = 5;
export const LAYOUT = 6;
export const SCROLL = 7;
export const ATTEND = 8;
export const LEAVE = 9;
export const ONLINE = 10;
export const FLUSH = 11;
export const WAKE = 12;
export const DONE = 13;
