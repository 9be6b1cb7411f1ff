//! passerby-collector
