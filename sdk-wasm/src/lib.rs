//! passerby-sdk
