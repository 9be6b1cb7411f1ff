//! The heap. Rust's default one is made for programs; it would be a seventh of what a page loads.
//!
//! Blocks are powers of two; a freed one waits in its size's list for the next of that size. So the heap is at most
//! twice what was in use at its peak in each size, which for a tracker's few hundred short strings is next to nothing,
//! and every call takes the same few steps.
#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::UnsafeCell;
use core::ptr::{self, null_mut};

const PAGE_BYTES: usize = 64 * 1024;

/// The smallest block holds a list's pointer and suits every alignment that the tracker's types have.
const SMALLEST_LOG2: u32 = 4;

struct Lists {
    /// For each size, by its logarithm, the first free block; each free block begins with a pointer to the next.
    free: [*mut u8; usize::BITS as usize],
    /// Memory from `top` to `end` has never been given out.
    top: usize,
    end: usize,
}

struct Heap(UnsafeCell<Lists>);

// SAFETY: a page's WebAssembly has one thread.
unsafe impl Sync for Heap {}

#[global_allocator]
static HEAP: Heap = Heap(UnsafeCell::new(Lists { free: [null_mut(); usize::BITS as usize], top: 0, end: 0 }));

/// The logarithm of the block's size: one that holds the layout and, all blocks being aligned to their own size or to
/// the heap's beginning, a page, is aligned as it asks.
fn log2_of(layout: Layout) -> u32 {
    let bytes = layout.size().max(layout.align()).max(1 << SMALLEST_LOG2);
    usize::BITS - (bytes - 1).leading_zeros()
}

impl Lists {
    fn take(&mut self, log2: u32) -> *mut u8 {
        let bytes = 1_usize << log2;
        let aligned = bytes.min(PAGE_BYTES);
        let start = (self.top + aligned - 1) & !(aligned - 1);
        if start + bytes <= self.end {
            self.top = start + bytes;
            return start as *mut u8;
        }
        let pages = bytes.div_ceil(PAGE_BYTES);
        // Pages may follow on the last ones, or on ones that somebody else took; either way these are whole.
        let start = memory_size(0) * PAGE_BYTES;
        if memory_grow(0, pages) == usize::MAX {
            return null_mut();
        }
        self.top = start + bytes;
        self.end = start + pages * PAGE_BYTES;
        start as *mut u8
    }
}

// SAFETY: a block is in a list or in use, never both: `alloc` takes it out of its list, `dealloc`, which is called once,
// puts it there. Fresh ones come from memory that was never given out.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let log2 = log2_of(layout);
        let lists = unsafe { &mut *self.0.get() };
        let first = lists.free[log2 as usize];
        if first.is_null() {
            return lists.take(log2);
        }
        lists.free[log2 as usize] = unsafe { ptr::read(first.cast()) };
        first
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let list = unsafe { &mut (*self.0.get()).free[log2_of(layout) as usize] };
        unsafe { ptr::write(block.cast(), *list) };
        *list = block;
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: the caller guarantees that the size is one of a layout.
        let wanted = unsafe { Layout::from_size_align_unchecked(bytes, layout.align()) };
        if log2_of(wanted) == log2_of(layout) {
            return block;
        }
        unsafe {
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, bytes.min(layout.size()));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
