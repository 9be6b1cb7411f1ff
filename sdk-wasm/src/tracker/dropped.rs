//! Why events were given up. Nothing is dropped without one of these.

/// Why the tracker gave an event up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// More events were waiting than a tab may hold.
    QueueFull,
    /// The collector said that sending it again is of no use.
    Refused,
    /// Too large even in a batch of its own.
    TooLarge,
}

impl Dropped {
    /// Every reason there is.
    pub const ALL: [Self; 3] = [Self::QueueFull, Self::Refused, Self::TooLarge];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::Refused => "refused",
            Self::TooLarge => "too_large",
        }
    }
}
