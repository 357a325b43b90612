//! The frame of every page: head, navigation by what somebody may do, foot; and the page that tells a fault.

use maud::{DOCTYPE, Markup, html};
use meed_office::people::Role;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::act::name;
use super::reasons::in_words;
use crate::access::{ANALYSIS, Audience, BANK, FINANCE, HANDLERS, HOLDS, OFFICE, POLICY, REVIEWS};
use crate::fault::Fault;
use crate::pages::assets;
use crate::posted::query;
use crate::visit::{Page, Visit};

/// A link of the navigation: address, key of its words, and for whom it is.
pub type Link = (&'static str, &'static str, Audience);

const AUDIT: Audience = Audience::Roles(&[Role::Auditor]);
const ADMINISTRATION: Audience = Audience::Roles(&[Role::Administrator, Role::Auditor]);

/// The navigation, in groups; somebody sees the links to where they may go.
pub const NAVIGATION: &[(&str, &[Link])] = &[
    (
        "nav-public",
        &[
            ("/policies", "nav-policies", Audience::Anyone),
            ("/check", "nav-check", Audience::Anyone),
            ("/notices", "nav-notices", Audience::Anyone),
            ("/titles", "nav-titles", Audience::Anyone),
            ("/figures", "nav-figures", Audience::Anyone),
            ("/briefing", "nav-briefing", Audience::Anyone),
        ],
    ),
    (
        "nav-mine",
        &[
            ("/my", "nav-my", Audience::Agent),
            ("/my/cases", "nav-my-cases", Audience::Agent),
            ("/my/obligations", "nav-my-obligations", Audience::Agent),
            ("/my/account", "nav-my-account", Audience::Agent),
            ("/my/services", "nav-my-services", Audience::Agent),
            ("/my/whatif", "nav-my-whatif", Audience::Agent),
            ("/my/recoveries", "nav-my-recoveries", Audience::Agent),
            ("/my/documents", "nav-my-documents", Audience::Agent),
            ("/my/titles", "nav-my-titles", Audience::Agent),
            ("/my/consent", "nav-my-consent", Audience::Agent),
        ],
    ),
    (
        "nav-office",
        &[
            ("/office", "nav-office-work", Audience::Roles(OFFICE)),
            ("/office/cases", "nav-office-cases", Audience::Roles(OFFICE)),
            ("/office/reviews", "nav-office-reviews", Audience::Roles(REVIEWS)),
            ("/office/rounds", "nav-office-rounds", Audience::Roles(HANDLERS)),
            ("/office/lists", "nav-office-lists", Audience::Roles(HANDLERS)),
            ("/office/after", "nav-office-after", Audience::Roles(HANDLERS)),
            ("/office/holds", "nav-office-holds", Audience::Roles(HOLDS)),
            ("/office/services", "nav-office-services", Audience::Roles(HANDLERS)),
        ],
    ),
    (
        "nav-policy",
        &[
            ("/workbench", "nav-workbench", Audience::Roles(POLICY)),
            ("/simulations", "nav-simulations", Audience::Roles(ANALYSIS)),
        ],
    ),
    (
        "nav-finance",
        &[
            ("/finance", "nav-finance-lines", Audience::Roles(FINANCE)),
            ("/finance/batches", "nav-finance-batches", Audience::Roles(BANK)),
            ("/finance/reconcile", "nav-finance-reconcile", Audience::Roles(FINANCE)),
            (
                "/finance/differences",
                "nav-finance-differences",
                Audience::Roles(FINANCE),
            ),
            (
                "/finance/receivables",
                "nav-finance-receivables",
                Audience::Roles(FINANCE),
            ),
            ("/finance/pledges", "nav-finance-pledges", Audience::Roles(FINANCE)),
            ("/finance/year", "nav-finance-year", Audience::Roles(FINANCE)),
        ],
    ),
    (
        "nav-audit",
        &[
            ("/audit", "nav-audit-yuan", AUDIT),
            ("/audit/late", "nav-audit-late", AUDIT),
            ("/audit/log", "nav-audit-log", AUDIT),
        ],
    ),
    ("nav-administration", &[("/people", "nav-people", ADMINISTRATION)]),
];

/// A page in its frame.
pub fn frame(visit: &Visit, page: &Page) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(visit.words.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " · " (visit.t("name")) }
                link rel="stylesheet" href=(assets::address("style.css"));
                link rel="icon" href=(assets::address("seal.svg")) type="image/svg+xml";
                script src=(assets::address("app.js")) defer {}
            }
            body class=[page.sheet.then_some("sheet")] {
                a.skip href="#main" { (visit.t("skip")) }
                @if visit.demo { aside.demo aria-label=(visit.t("demo")) { (visit.t("demo-notice")) " " a href="/sign-in" { (visit.t("demo-people")) } " " a href="/demo" { (visit.t("demo-clock")) } } }
                (head(visit))
                div.body {
                    @if !page.sheet { (navigation(visit)) }
                    main id="main" tabindex="-1" { (done(visit)) (page.body) }
                }
                footer.foot {
                    p { (visit.t("foot-about")) }
                    p { a href="/api" { (visit.t("foot-api")) } " · " a href="/data" { (visit.t("foot-data")) } }
                }
            }
        }
    }
}

/// That the act from which somebody comes was done.
fn done(visit: &Visit) -> Markup {
    let kind = query(visit.uri.query())
        .remove("done")
        .and_then(|values| values.into_iter().next());
    let known = kind.filter(|kind| meed_office::command::form(kind).is_some());
    html! { @if let Some(kind) = known { p.done role="status" { (visit.words.with("done", &[("act", name(visit, &kind).into())])) } } }
}

fn head(visit: &Visit) -> Markup {
    html! {
        header.head {
            a.name href="/" { img src=(assets::address("seal.svg")) alt="" width="28" height="28"; span { (visit.t("name")) } }
            form.find role="search" aria-label=(visit.t("find")) action="/policies" method="get" {
                label.hidden for="find" { (visit.t("find")) }
                input id="find" type="search" name="q" placeholder=(visit.t("find"));
                button type="submit" { (visit.t("find-go")) }
            }
            div.who {
                a href=(visit.translated()) lang=(visit.words.pick("en", "zh-CN")) hreflang=(visit.words.pick("en", "zh-CN")) { (visit.t("other-language")) }
                @if visit.viewer.person.is_some() {
                    a href="/account" { (visit.viewer.name) }
                    form method="post" action="/sign-out" { (csrf(visit)) button.quiet type="submit" { (visit.t("sign-out")) } }
                } @else {
                    a href="/sign-in" { (visit.t("sign-in")) }
                }
            }
        }
    }
}

fn navigation(visit: &Visit) -> Markup {
    let path = visit.uri.path();
    // The longest address that this page lies under is where we are.
    let links = NAVIGATION
        .iter()
        .flat_map(|(_, links)| links.iter().map(|(href, ..)| *href));
    let under = |href: &&str| path == *href || path.strip_prefix(*href).is_some_and(|rest| rest.starts_with('/'));
    let here = links.filter(under).max_by_key(|href| href.len());
    html! {
        nav.side aria-label=(visit.t("nav")) {
            @for (group, links) in NAVIGATION {
                @let open: Vec<&Link> = links.iter().filter(|(.., audience)| visit.viewer.is_among(*audience)).collect();
                @if !open.is_empty() {
                    h2 { (visit.t(group)) }
                    ul { @for (href, key, _) in open {
                        li { a href=(href) aria-current=[(Some(*href) == here).then_some("page")] { (visit.t(key)) } }
                    } }
                }
            }
        }
    }
}

/// The token of a form.
pub fn csrf(visit: &Visit) -> Markup {
    html! { input type="hidden" name="csrf" value=(visit.csrf); }
}

/// What a page says instead of its answer: what is in the way, and what would help.
pub fn fault(visit: &Visit, fault: &Fault) -> Markup {
    let reason = fault
        .reason()
        .map(|reason| in_words(visit.words, reason.text(visit.lang())));
    html! {
        h1 { (visit.t(fault.key())) }
        @if let Some(reason) = reason { p.reason { (reason) } }
        @match fault {
            Fault::SignIn => p { a.button href={ "/sign-in?next=" (encoded(&visit.here())) } { (visit.t("sign-in")) } },
            Fault::StepUp => p { a.button href={ "/step-up?next=" (encoded(&visit.here())) } { (visit.t("step-up-go")) } },
            _ => p { (visit.t("fault-help")) },
        }
    }
}

/// What stands in an address as it is: letters, digits, and a path's own marks.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// A value for an address.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}
