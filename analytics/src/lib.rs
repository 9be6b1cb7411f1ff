//! passerby-analytics
