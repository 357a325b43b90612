//! Titles: who grants them, how long they hold, and their criteria.

use super::{
    BasisClause, Conditions, Expr, Formerly, InForceClause, Labels, Name, NameRef, SourceClause, Text, alternatives,
    nodes,
};

nodes! {
    Title = TITLE { name: child() Name; entity: after(Of) NameRef; labels: child() Labels; clause: each() TitleClause; }
    GrantedBy = GRANTED_BY { agency: child() NameRef; }
    Level = LEVEL { level: child() NameRef; }
    /// The members of the package's enumeration `level`, low to high.
    Levels = LEVELS { level: each() NameRef; }
    Valid = VALID { duration: child() Expr; }
    Review = REVIEW { duration: child() Expr; }
    Barred = BARRED { duration: after(Barred) Expr; after: after(After) Expr; }
    Criteria = CRITERIA {
        is_for_renewal: has(CriteriaForRenewal); conditions: child() Conditions;
        title: after(CriteriaOf) NameRef; document: after(AsIn) Text;
    }
}

alternatives! {
    /// What may stand in a title.
    TitleClause {
        GrantedBy, Level, Levels, Valid, Review, Barred, Criteria, Formerly, SourceClause, BasisClause, InForceClause,
    }
}
