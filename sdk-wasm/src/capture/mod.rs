//! What is seen of the page: one source per file, each with the TypeScript beside it that watches the document. Here
//! what that saw becomes events of the contract.

pub mod click;
pub mod custom;
pub mod engagement;
mod given;
pub mod page;
pub mod scroll;
pub mod start;

pub use engagement::Reading;
pub use given::Given;
pub use scroll::Extent;
