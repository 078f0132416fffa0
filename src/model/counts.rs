//! The names by which an answer says how many things a list has on all of its pages.

/// In lower case, and without separators.
pub const TOTALS: [&str; 8] = [
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalrecords",
    "totalelements",
    "totalhits",
    "gesamt",
];
