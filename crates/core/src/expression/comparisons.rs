//! Where in the text of an expression two values are compared.

use std::ops::Range;

use super::ast::{Kind, Node};
use super::parse;
use crate::definition::Expression;

impl Expression {
    /// The two sides of each comparison, as ranges of bytes of the text, in its order; none where it cannot be read.
    ///
    /// ```
    /// use grieta_core::definition::Expression;
    /// let guard = Expression::from("fit >= 50 && (tier == 2)");
    /// assert_eq!(guard.comparisons(), [[0..3, 7..9], [14..18, 22..23]]);
    /// ```
    pub fn comparisons(&self) -> Vec<[Range<usize>; 2]> {
        let mut found = Vec::new();
        if let Ok(node) = parse::parse(&self.0) {
            collect(&node, &mut found);
        }
        found
    }
}

/// Those of a part; expressions are not nested deeply.
fn collect(node: &Node, found: &mut Vec<[Range<usize>; 2]>) {
    if let Kind::Compare(_, sides) = &node.kind {
        found.push([sides[0].span.into(), sides[1].span.into()]);
    }
    node.children().into_iter().for_each(|child| collect(child, found));
}
