//! Machines of what is decided: policies, rounds, cases, reviews, lists, objections, titles, requests.

use crate::machine;

machine! {
    /// A version of a policy package: nobody approves what they drafted, nothing changes once published.
    pub PolicyState in "policy" starts [Draft] {
        Draft = "draft" { check => Checked, withdraw => Withdrawn }
        Checked = "checked" { simulate => Simulated, withdraw => Withdrawn }
        Simulated = "simulated" { review => Reviewed, withdraw => Withdrawn }
        Reviewed = "reviewed" { approve => Approved, withdraw => Withdrawn }
        Approved = "approved" { publish => Published, withdraw => Withdrawn }
        Published = "published" { supersede => Superseded, repeal => Repealed }
        Superseded = "superseded" {}
        Repealed = "repealed" {}
        Withdrawn = "withdrawn" {}
    }
}

machine! {
    /// A round of applications that share one fund.
    pub RoundState in "round" starts [Planned] {
        Planned = "planned" { open => Open, cancel => Cancelled }
        Open = "open" { close => Closed, cancel => Cancelled }
        Closed = "closed" { ration => Rationed, cancel => Cancelled }
        Rationed = "rationed" { publish => Public, cancel => Cancelled }
        Public = "public" { settle => Settling, cancel => Cancelled }
        Settling = "settling" { finish => Finished }
        Finished = "finished" {}
        Cancelled = "cancelled" {}
    }
}

machine! {
    /// One applicant's way to one award, title or refusal.
    pub CaseState in "case" starts [Offered, Draft] {
        Offered = "offered" { accept => Accepted, decline => Declined, expire => Expired, lapse => Lapsed }
        Accepted = "accepted" { verify => Verified, ask => Draft, lapse => Lapsed }
        Draft = "draft" { submit => Submitted, withdraw => Withdrawn, lapse => Lapsed }
        Submitted = "submitted" { examine => FormalCheck, withdraw => Withdrawn }
        FormalCheck = "formal_check" { return_it => Correction, reject => Inadmissible, admit => Admissible, withdraw => Withdrawn }
        Correction = "correction" { resubmit => FormalCheck, reject => Inadmissible, withdraw => Withdrawn }
        Admissible = "admissible" { review => InReview, verify => Verified, withdraw => Withdrawn }
        InReview = "in_review" { return_it => Correction, propose => Proposed, wait => Waiting, refuse => Refused, withdraw => Withdrawn }
        Verified = "verified" { propose => Proposed, wait => Waiting, refuse => Refused, review => InReview, withdraw => Withdrawn }
        Waiting = "waiting_for_funds" { fund => Proposed, recheck => Recheck, refuse => Refused, withdraw => Withdrawn }
        Proposed = "proposed" { publish => Publicity, return_it => Correction, wait => Waiting, refuse => Refused, withdraw => Withdrawn }
        Publicity = "publicity" { end => Recheck, refuse => Refused, wait => Waiting, withdraw => Withdrawn }
        Recheck = "recheck" {
            approve => Approved, refuse => Refused, publish_again => Publicity, return_it => Correction, wait => Waiting, withdraw => Withdrawn
        }
        Approved = "approved" { close => Closed, raise => Proposed }
        Refused = "refused" { uphold => Proposed, uphold_without_money => Waiting }
        Inadmissible = "inadmissible" { uphold => Admissible }
        Closed = "closed" {}
        Declined = "declined" {}
        Expired = "expired" {}
        Lapsed = "lapsed" {}
        Withdrawn = "withdrawn" {}
    }
}

machine! {
    /// One reviewer's judgement of one case; void once the case is given back.
    pub ReviewState in "review" starts [Drawn] {
        Drawn = "drawn" { declare_conflict => Conflicted, accept => Accepted, excuse => Excused, void_it => Voided }
        Accepted = "accepted" { score => Scoring, declare_conflict => Conflicted, excuse => Excused, void_it => Voided }
        Scoring = "scoring" { submit => Submitted, declare_conflict => Conflicted, excuse => Excused, void_it => Voided }
        Submitted = "submitted" { finish => Final, reopen => Scoring, void_it => Voided }
        Final = "final" { void_it => Voided }
        Voided = "voided" {}
        Conflicted = "conflicted" {}
        Excused = "excused" {}
    }
}

machine! {
    /// A list that is frozen by its hash, public for some working days, and ends row by row.
    pub ListState in "list" starts [Frozen] {
        Frozen = "frozen" { publish => Public, replace => Replaced }
        Public = "public" { end => Ended, replace => Replaced }
        Ended = "ended" { replace => Replaced }
        Replaced = "replaced" {}
    }
}

machine! {
    /// What somebody says against a row of a public list.
    pub ObjectionState in "objection" starts [Lodged] {
        Lodged = "lodged" { refuse => Inadmissible, examine => Examined, withdraw => Withdrawn }
        Examined = "examined" { uphold => Upheld, reject => Rejected, withdraw => Withdrawn }
        Upheld = "upheld" {}
        Rejected = "rejected" {}
        Inadmissible = "inadmissible" {}
        Withdrawn = "withdrawn" {}
    }
}

machine! {
    /// A title that the city recognises.
    pub TitleState in "title" starts [Proposed, Granted] {
        Proposed = "proposed" { publish => Public, refuse => Refused }
        Public = "public" { grant => Granted, refuse => Refused }
        Granted = "granted" { review => DueForReview, revoke => Revoked, lapse => Lapsed }
        DueForReview = "due_for_review" { renew => Granted, rectify => ToRectify, revoke => Revoked, lapse => Lapsed }
        ToRectify = "to_rectify" { review => DueForReview, renew => Granted, revoke => Revoked, lapse => Lapsed }
        Revoked = "revoked" { uphold => Granted }
        Lapsed = "lapsed" {}
        Refused = "refused" {}
    }
}

machine! {
    /// A request for a service; its clock stands still while the bureau waits for the applicant.
    pub RequestState in "request" starts [Asked] {
        Asked = "asked" { take => Taken, withdraw => Withdrawn }
        Taken = "taken" { ask_back => AskedBack, answer => Answered, refuse => Refused, withdraw => Withdrawn }
        AskedBack = "asked_back" { reply => Taken, refuse => Refused, withdraw => Withdrawn }
        Answered = "answered" {}
        Refused = "refused" {}
        Withdrawn = "withdrawn" {}
    }
}
