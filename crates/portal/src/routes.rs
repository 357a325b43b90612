//! Every address there is, and for whom it is. A route cannot be made without an audience, and a test walks them all.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};

use crate::access::Audience;
use crate::api;
use crate::app::Portal;
use crate::fault::Fault;
use crate::pages;
use crate::visit::Visit;

/// One address and what answers there.
pub struct Route {
    /// `GET`, `POST`…
    pub method: &'static str,
    /// With parameters in braces: `/cases/{case}`.
    pub path: &'static str,
    /// For whom it is. What is asked about single rows, the page asks of [`crate::access`].
    pub audience: Audience,
    service: MethodRouter<Arc<Portal>>,
}

/// Declares constructors, one a method.
macro_rules! methods {
    ($($(#[$meta:meta])* $method:ident = $name:literal),+ $(,)?) => {
        impl Route {
            $($(#[$meta])*
            pub fn $method<H, T>(path: &'static str, audience: Audience, handler: H) -> Self
            where
                H: Handler<T, Arc<Portal>>,
                T: 'static,
            {
                Self { method: $name, path, audience, service: routing::$method(handler) }
            })+
        }
    };
}

methods! {
    /// A page.
    get = "GET",
    /// What a form does.
    post = "POST",
    /// What a program puts somewhere.
    put = "PUT",
    /// What a program takes away.
    delete = "DELETE",
}

/// Every route.
pub fn routes() -> Vec<Route> {
    [pages::routes(), api::routes()].into_iter().flatten().collect()
}

/// The router, with each route guarded by its audience.
pub fn router() -> Router<Arc<Portal>> {
    routes().into_iter().fold(Router::new(), |router, route| {
        let audience = route.audience;
        let pass = move |request: Request, next: Next| async move {
            let read = protected(audience, &request);
            let response = admit(audience, request, next).await;
            if let Some((person, address)) = read.filter(|_| response.status().is_success()) {
                tracing::info!(target: "meed::reads", person, address, "read");
            }
            response
        };
        router.route(route.path, route.service.route_layer(from_fn(pass)))
    })
}

/// Who reads what, where it is not for everybody: such reads are logged one by one.
fn protected(audience: Audience, request: &Request) -> Option<(String, String)> {
    let person = request.extensions().get::<Visit>()?.viewer.person.clone()?;
    (audience != Audience::Anyone).then(|| (person, request.uri().path().to_owned()))
}

async fn admit(audience: Audience, request: Request, next: Next) -> Response {
    match request.extensions().get::<Visit>() {
        Some(visit) if visit.viewer.is_among(audience) => next.run(request).await,
        Some(visit) if visit.viewer.person.is_some() => Fault::NotYours.into_response(),
        _ => Fault::SignIn.into_response(),
    }
}
