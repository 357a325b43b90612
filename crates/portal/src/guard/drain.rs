//! That who sends too much, or what nobody reads, still gets the answer: were the connection closed on them as they send, a browser would show
//! a broken connection in place of the reason.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::EXPECT;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};

use super::LONGEST;

/// How long the rest of a body is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers once the rest of the request has come, as far as it is of a length that anybody may send.
pub async fn drained(request: Request, next: Next) -> Response {
    // Who asks before they send sends nothing that is not wanted.
    if request.headers().contains_key(EXPECT) {
        return next.run(request).await;
    }
    let mut rest = Shared::default();
    let request = request.map(|body| {
        rest = Shared(Arc::new(Mutex::new(body)));
        Body::new(rest.clone())
    });
    let response = next.run(request).await;
    // What does not come is not waited for, and whatever came of it, the answer is the same.
    let _ = tokio::time::timeout(PATIENCE, rest.drain()).await;
    response
}

/// A body that can still be read when whoever was given it has let it go.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    async fn drain(mut self) {
        let mut length = 0_usize;
        while length <= LONGEST {
            let frame = std::future::poll_fn(|context| Pin::new(&mut self).poll_frame(context)).await;
            let Some(Ok(frame)) = frame else { return };
            length = length.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        }
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
