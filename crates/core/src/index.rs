//! Dense indices into a plan, a case and a directory of people. They mean nothing outside what they come from; what is
//! stored uses names.

macro_rules! indices {
    ($($name:ident: $doc:literal;)*) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// No such thing.
            pub const NONE: $name = $name(u16::MAX);

            /// The index as a position in a slice.
            #[inline]
            pub const fn at(self) -> usize {
                self.0 as usize
            }

            /// The same index, or `None` when it names nothing.
            #[inline]
            pub const fn some(self) -> Option<$name> {
                if self.0 == u16::MAX { None } else { Some(self) }
            }
        }
    )*};
}

indices! {
    StepIx: "A step of a plan, in the order of the definition.";
    FlowIx: "A flow of a plan: an outcome, a branch, a successor, or the way on from a crack.";
    CrackIx: "A crack of a plan.";
    RoleIx: "A role of a plan, in the order of the definition.";
    FieldIx: "A data field of a plan, in the order of the definition.";
    TokenIx: "A token of a case; the number is used again when the token is gone.";
    ScopeIx: "A scope of a case: 0 is the case itself, others are inside a step; the number is used again.";
    TimerIx: "A timer of a case; the number is used again when the timer is gone.";
    ClockIx: "A clock of a plan, in the order of the definition.";
    RunIx: "A run of a clock of a case; the number is used again.";
    PersonIx: "A person of a directory, in the order of entry; the kernel only compares them.";
}
