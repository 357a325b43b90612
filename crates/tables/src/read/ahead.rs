//! Pieces fetched by a thread of their own.

use std::sync::mpsc::sync_channel;

use super::Pieces;

/// The same pieces, at most `ahead` of them waiting. The thread ends with the pieces, or when nobody takes them any more.
pub(super) fn ahead(pieces: Pieces, ahead: usize) -> Pieces {
    let (give, take) = sync_channel(ahead);
    std::thread::spawn(move || {
        for piece in pieces {
            if give.send(piece).is_err() {
                return;
            }
        }
    });
    Box::new(take.into_iter())
}
