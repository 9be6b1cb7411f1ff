//! What a user agent, an address and a referrer mean. Tables and pure functions; the tables are files of `data/`, each
//! with its source and licence on top, and `make data` makes them anew.

pub mod bot;
pub mod channel;
pub mod click_id;
pub mod host;
pub mod network;
pub mod screen;
pub mod source;
pub mod spam;
pub mod table;
pub mod user_agent;
