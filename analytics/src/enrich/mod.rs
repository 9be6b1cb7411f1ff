//! What a user agent and a referrer mean. Tables and pure functions.

pub mod source;
pub mod user_agent;
