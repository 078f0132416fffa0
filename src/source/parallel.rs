//! Work on many files at once.

use rayon::prelude::*;

/// The results of `work` for all items, in their order, made on the threads of the surrounding rayon pool.
///
/// With one thread it is the calling one: what it allocates need not come from the heap of another thread, which
/// glibc lets grow by one page at a time.
pub fn map<'t, T: Sync, R: Send>(
    items: &'t [T],
    work: impl Fn(&'t T) -> R + Sync + Send,
) -> Vec<R> {
    if rayon::current_num_threads() == 1 {
        items.iter().map(work).collect()
    } else {
        items.par_iter().map(work).collect()
    }
}
