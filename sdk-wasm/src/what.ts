// What the core is told, by number. The names and their order are those of `What` in on.rs, which a test compares.

export const START = 0;
export const EVENT = 1;
export const TITLE = 2;
export const VISITOR = 3;
export const LEAVE = 4;
export const ONLINE = 5;
export const FLUSH = 6;
export const WAKE = 7;
export const DONE = 8;
